# The Python session and the Python package rnnstudio.

python_state <- new.env(parent = emptyenv())

.onLoad <- function(libname, pkgname) {
  python <- Sys.getenv("RNNSTUDIO_PYTHON")
  if (nzchar(python)) {
    Sys.setenv(RETICULATE_PYTHON = path.expand(python))
  } else if ("py_require" %in% getNamespaceExports("reticulate")) { # reticulate 1.41 and newer
    getExportedValue("reticulate", "py_require")(python_version = ">=3.11,<3.14")
  }
}

# Return the reason why rnnstudio cannot be used, in a few words, or NULL. Python starts here, on first use, so that a
# user can still choose a Python after library(rnnstudio).
unavailable_reason <- function() {
  if (!is.null(python_state$version)) {
    return(NULL)
  }
  tryCatch(
    suppressWarnings({
      module <- python_state$module <- reticulate::import("rnnstudio", convert = FALSE)
      # Python imports any folder called rnnstudio as an empty package; only the real package has a version.
      if (!reticulate::py_has_attr(module, "__version__")) {
        return(not_installed())
      }
      python_state$version <- to_r(reticulate::py_get_attr(module, "__version__"))
      NULL
    }),
    error = function(e) {
      reason <- one_line(conditionMessage(e))
      if (!reticulate::py_available()) {
        paste0("no Python could be started (", reason, ")")
      } else if (grepl("No module named .?rnnstudio", reason)) {
        not_installed()
      } else {
        reason
      }
    }
  )
}

not_installed <- function() paste("the Python package rnnstudio is not installed in", python_path())

python_path <- function() {
  tryCatch(reticulate::py_config()$python, error = function(e) Sys.getenv("RETICULATE_PYTHON", "Python"))
}

one_line <- function(text, max_chars = 600) {
  text <- trimws(gsub("[[:space:]]+", " ", paste(text, collapse = " ")))
  if (nchar(text) > max_chars) paste0(substr(text, 1, max_chars - 3), "...") else text
}

# Return the Python package; raise an error of the calling function if it is not available.
rnnstudio_module <- function(call = sys.call(sys.parent())) {
  force(call)
  reason <- unavailable_reason()
  if (!is.null(reason)) {
    stop_in(
      call, "rnnstudio is not available in this R session: ", reason, ". Run install_rnnstudio(), or set the environment ",
      "variable RNNSTUDIO_PYTHON to a Python that has rnnstudio. Then restart R."
    )
  }
  python_state$module
}

rnnstudio_available <- function() is.null(unavailable_reason())

install_rnnstudio <- function(source, envname = "r-rnnstudio", python = NULL) {
  if (missing(source)) {
    stop_in(
      sys.call(), "source must be the path of rnnstudio's folder or wheel, or an address that pip accepts; received nothing."
    )
  }
  if (file.exists(path.expand(source))) {
    source <- normalizePath(source)
  } else if (!grepl("^[a-z+]+://", source)) {
    stop_in(sys.call(), "source must be the path of rnnstudio's folder or wheel; there is no ", source, ".")
  }
  # pip inherits LD_LIBRARY_PATH. R's libraries in it could replace those of another Python version.
  libraries <- Sys.getenv("LD_LIBRARY_PATH")
  on.exit(Sys.setenv(LD_LIBRARY_PATH = libraries))
  Sys.unsetenv("LD_LIBRARY_PATH")
  if (!reticulate::virtualenv_exists(envname)) {
    if (is.null(python)) python <- find_python(sys.call())
    reticulate::virtualenv_create(envname, python = python, packages = FALSE)
  }
  reticulate::virtualenv_install(envname, packages = source, ignore_installed = FALSE)
  message("rnnstudio is installed in the virtual environment ", envname, ". Restart R to use it.")
  invisible(envname)
}

# Return the path of a Python version that rnnstudio supports.
find_python <- function(call) {
  for (python in Sys.which(c("python3.13", "python3.12", "python3.11", "python3", "python"))) {
    code <- shQuote("import sys; print(int((3, 11) <= sys.version_info < (3, 14)))")
    output <- tryCatch(
      suppressWarnings(system2(python, c("-c", code), stdout = TRUE, stderr = FALSE)),
      error = function(e) NULL # the command does not exist or is not Python
    )
    if (identical(as.character(output), "1")) {
      return(python)
    }
  }
  stop_in(
    call, "rnnstudio needs Python 3.11, 3.12 or 3.13, and none was found. Install one, or set the argument python to its path."
  )
}

rnnstudio_app <- function() {
  module <- rnnstudio_module()
  pid <- to_r(call_python(module$open_studio()))
  message("The Studio opens in a separate process.")
  invisible(pid)
}
