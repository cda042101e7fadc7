# Finding Python, and the one module that everything else asks.

state <- new.env(parent = emptyenv())

.onLoad <- function(libname, pkgname) {
  python <- Sys.getenv("RNNSTUDIO_PYTHON")
  if (nzchar(python)) {
    Sys.setenv(RETICULATE_PYTHON = path.expand(python))
  } else if ("py_require" %in% getNamespaceExports("reticulate")) { # reticulate 1.41 and newer
    getExportedValue("reticulate", "py_require")(python_version = ">=3.11,<3.14")
  }
}

# Why rnnstudio cannot be used, in a few words; NULL where it can. Python starts here, on first use, so that a user can
# still say which one after library(rnnstudio).
problem <- function() {
  if (!is.null(state$version)) {
    return(NULL)
  }
  tryCatch(
    suppressWarnings({
      state$module <- reticulate::import("rnnstudio", convert = FALSE)
      # a folder called rnnstudio is an empty package to Python; the real one knows its version
      if (!reticulate::py_has_attr(state$module, "__version__")) {
        return(not_installed())
      }
      state$version <- plain(reticulate::py_get_attr(state$module, "__version__"))
      NULL
    }),
    error = function(e) {
      said <- one_line(conditionMessage(e))
      if (!reticulate::py_available()) {
        paste0("no Python could be started (", said, ")")
      } else if (grepl("No module named .?rnnstudio", said)) {
        not_installed()
      } else {
        said
      }
    }
  )
}

not_installed <- function() paste("the Python package rnnstudio is not installed in", python_path())

python_path <- function() {
  tryCatch(reticulate::py_config()$python, error = function(e) Sys.getenv("RETICULATE_PYTHON", "Python"))
}

one_line <- function(text, most = 600) {
  text <- trimws(gsub("[[:space:]]+", " ", paste(text, collapse = " ")))
  if (nchar(text) > most) paste0(substr(text, 1, most - 3), "...") else text
}

# The Python package; an error of the calling function where there is none.
studio <- function(call = sys.call(sys.parent())) {
  force(call)
  found <- problem()
  if (!is.null(found)) {
    refuse(
      call, "rnnstudio cannot be used from this R: ", found,
      ". Run install_rnnstudio(), or set the environment variable RNNSTUDIO_PYTHON to a Python that has it; then restart R."
    )
  }
  state$module
}

rnnstudio_available <- function() is.null(problem())

install_rnnstudio <- function(source, envname = "r-rnnstudio", python = NULL) {
  if (missing(source)) {
    refuse(sys.call(), "source must say what to install: the path of rnnstudio's folder or wheel, or an address pip takes.")
  }
  if (file.exists(path.expand(source))) {
    source <- normalizePath(source)
  } else if (!grepl("^[a-z+]+://", source)) {
    refuse(sys.call(), "source must be the path of rnnstudio's folder or wheel; there is no ", source, ".")
  }
  # R's own libraries must not reach pip: a Python of another version there would take the place of its own
  libraries <- Sys.getenv("LD_LIBRARY_PATH")
  on.exit(Sys.setenv(LD_LIBRARY_PATH = libraries))
  Sys.unsetenv("LD_LIBRARY_PATH")
  if (!reticulate::virtualenv_exists(envname)) {
    if (is.null(python)) python <- suitable_python(sys.call())
    reticulate::virtualenv_create(envname, python = python, packages = FALSE)
  }
  reticulate::virtualenv_install(envname, packages = source, ignore_installed = FALSE)
  message("rnnstudio is installed in the virtual environment ", envname, ". Restart R to use it.")
  invisible(envname)
}

# A Python that rnnstudio runs on.
suitable_python <- function(call) {
  for (python in Sys.which(c("python3.13", "python3.12", "python3.11", "python3", "python"))) {
    code <- shQuote("import sys; print(int((3, 11) <= sys.version_info < (3, 14)))")
    told <- tryCatch(
      suppressWarnings(system2(python, c("-c", code), stdout = TRUE, stderr = FALSE)),
      error = function(e) NULL # not there, or a name that leads to no Python
    )
    if (identical(as.character(told), "1")) {
      return(python)
    }
  }
  refuse(call, "rnnstudio needs Python 3.11, 3.12 or 3.13, and none was found. Install one, or say python = its path.")
}

rnnstudio_app <- function() {
  module <- studio()
  pid <- plain(asking(module$open_studio()))
  message("The Studio opens in a window of its own; R goes on.")
  invisible(pid)
}
