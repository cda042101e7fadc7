# A data frame of R is read like the CSV file of the same content.

# A value for each hour or day, a text, a factor, a yes/no column, and missing values of each kind.
mixed <- function(times) {
  n <- length(times)
  table <- data.frame(
    when = times, sales = round((seq_len(n) * 7.25) %% 31, 2), count = seq_len(n) %% 5L, what = rep(c("a", "b"), length.out = n),
    level = factor(rep(c("low", "high", "mid"), length.out = n), levels = c("low", "mid", "high")),
    promo = rep(c(TRUE, FALSE, FALSE), length.out = n)
  )
  table$sales[c(6, 9)] <- c(NA, NaN)
  table$count[7] <- NA
  table$what[11] <- NA
  table$level[12] <- NA
  table$promo[4] <- NA
  table
}

write_table <- function(table) {
  file <- tempfile(fileext = ".csv")
  utils::write.csv(table, file, row.names = FALSE, na = "") # NA in a column of text would be a text
  file
}

with_zone <- function(zone, code) {
  before <- Sys.getenv("TZ", NA)
  on.exit(if (is.na(before)) Sys.unsetenv("TZ") else Sys.setenv(TZ = before))
  Sys.setenv(TZ = zone)
  code
}

expect_same_reading <- function(table, csv = table) {
  from_r <- rnn_inspect(table)
  from_file <- rnn_inspect(write_table(csv))
  columns <- c("name", "kind", "missing", "distinct")
  expect_equal(as.data.frame(from_r)[columns], as.data.frame(from_file)[columns])
  expect_equal(from_r$time, from_file$time)
  expect_equal(from_r$target, from_file$target)
  expect_equal(from_r$rows, from_file$rows)
  expect_length(from_r$questions, 0)
  from_r
}

training_data <- function(run) {
  data <- run$python$data()
  list(
    inputs = rnnstudio:::array_from_python(data$inputs), targets = rnnstudio:::array_from_python(data$targets),
    times = rnnstudio:::array_from_python(data$times), features = unlist(rnnstudio:::to_r(rnnstudio:::builtins()$list(data$features)))
  )
}

test_that("a data frame and the CSV file of the same content have one account and give one training", {
  skip_without_python()
  days <- as.Date("2024-01-01") + 0:59
  for (times in list(days, as.POSIXct("2024-01-01", tz = "UTC") + 3600 * 0:59)) {
    table <- mixed(times)
    csv <- transform(table, when = paste0(format(when, "%Y-%m-%d %H:%M"), "+00:00"))
    if (inherits(times, "Date")) csv$when <- format(times)
    account <- expect_same_reading(table, csv)
    expect_equal(account$columns$kind, c("time", "number", "number", "text", "text", "yes/no"))
    expect_equal(account$columns$missing, c(0, 2, 1, 1, 1, 1))
    file <- write_table(csv)
    for (features in list("sales", c("sales", "count", "promo"), c("sales", "level"))) {
      one <- suppressWarnings(train_tiny(table, target = "sales", features = features, learning_rate = 0.01))
      other <- suppressWarnings(train_tiny(file, target = "sales", features = features, learning_rate = 0.01))
      expect_identical(training_data(one), training_data(other))
      expect_identical(one$metrics, other$metrics)
      predicted <- suppressWarnings(predict(one, table))
      expect_identical(suppressWarnings(predict(other, table)), predicted)
      expect_identical(suppressWarnings(predict(one, file)), predicted)
    }
  }
  expect_equal(training_data(one)$features, c("sales", "level=high", "level=low", "level=mid"))
})

test_that("times keep the clock that R shows, and hours across a change of the clock stay regular", {
  skip_without_python()
  wall <- function(times) format(times, "%Y-%m-%d %H:%M:%S")
  hours <- function(zone, start, n = 60) seq(as.POSIXct(start, tz = zone), by = "hour", length.out = n)
  # without a time zone of their own: what the session shows
  with_zone("Europe/Berlin", {
    table <- mixed(hours("", "2024-01-10"))
    expect_same_reading(table, transform(table, when = wall(when)))
    expect_equal(rnn_inspect(table)$time$first, "2024-01-10")
    days <- mixed(as.POSIXct(as.character(as.Date("2024-03-01") + 0:59)))
    expect_equal(rnn_inspect(days)$time[c("frequency", "first", "last")], list(frequency = "D", first = "2024-03-01", last = "2024-04-29"))
    changed <- rnn_inspect(mixed(hours("", "2024-03-30")))
    expect_equal(changed$time[c("frequency", "zone", "doubles", "gaps")], list(frequency = "h", zone = "UTC", doubles = 0L, gaps = 0L))
  })
  # with a time zone: named, as in the text of a file
  for (zone in c("Asia/Kolkata", "America/St_Johns", "Europe/Berlin")) {
    table <- mixed(hours(zone, "2024-01-10"))
    offset <- sub("(..)$", ":\\1", format(table$when[1], "%z"))
    account <- expect_same_reading(table, transform(table, when = paste0(wall(when), offset)))
    expect_equal(account$time$first, "2024-01-10")
    expect_equal(account$time$zone, paste0("UTC", offset))
  }
  gap <- mixed(hours("UTC", "2024-01-10"))
  gap$when[5] <- NA
  expect_equal(rnn_inspect(gap)$rows, 59)
})

test_that("an account prints within the width of the console, and its columns are a data frame", {
  skip_without_python()
  table <- mixed(as.Date("2024-01-01") + 0:59)
  account <- rnn_inspect(table[60:1, ])
  expect_identical(as.data.frame(account), account$columns)
  lines <- utils::capture.output(printed <- print(account))
  expect_identical(printed, account)
  expect_match(lines[1], "^x: data frame, 60 rows, 6 columns$")
  notes <- grep("^  [a-z]+ +(time|number|text|yes/no)", lines, invert = TRUE)
  expect_true(all(nchar(lines[notes]) <= getOption("width")))
  expect_match(paste(lines, collapse = " "), "newest first; +they are sorted by column when")
  file <- rnn_inspect(write_table(table))
  expect_output(print(file), "text table, 60 rows, 6 columns; utf-8, separator\n  comma")
  expect_equal(file$separator, "comma")
  expect_equal(nrow(as.data.frame(file)), 6)
})

test_that("what a file or data frame leaves open is an error that names the setting and its choices", {
  skip_without_python()
  question <- function(expr) tryCatch(expr, rnn_setting_error = identity)
  thousands <- tempfile(fileext = ".csv")
  writeLines(c("day;sales", paste0(1:40, ";", "1.", 100 + 1:40)), thousands)
  dates <- data.frame(day = format(as.Date("2024-01-01") + 0:11 * 31, "%d/%m/%Y"), sales = 1:12)
  dates$day <- sprintf("%02d/%02d/2024", rep(1:6, 2), rep(1:2, each = 6))
  shops <- data.frame(day = rep(as.Date("2024-01-01") + 0:39, 2), shop = rep(c("A", "B"), each = 40), sales = series(80))
  for (case in list(
    list(x = thousands, setting = "thousands_mark", choices = "point .* or none|none .* or point"),
    list(x = dates, setting = "date_order", choices = "day_first .* or month_first"),
    list(x = shops, setting = "series", choices = "shop .* or none")
  )) {
    error <- question(train_tiny(case$x, target = "sales"))
    expect_s3_class(error, c("rnn_setting_error", "rnn_error"))
    expect_equal(error$setting, case$setting)
    expect_match(conditionMessage(error), paste0("Set ", case$setting, " to ", "(", case$choices, ")"))
    expect_equal(deparse(conditionCall(error)[[1]]), "rnn_train")
    expect_equal(rnn_inspect(case$x)$questions[[1]]$setting, case$setting)
  }
})

test_that("factors and text are inputs of a formula, each value as 0 and 1", {
  skip_without_python()
  table <- data.frame(
    sales = series(), sky = factor(rep(c("sun", "rain"), 40)), who = rep(1:16, each = 5), state = rep(states(16), each = 5)
  )
  expect_warning(run <- train_tiny(sales ~ sky, table, task = "regress"), "'sky' is text: each of its 2 values is an input")
  expect_equal(run$features, c("sky=rain", "sky=sun"))
  expect_length(predict(run, table), 80)
  sequences <- suppressWarnings(rnn_train(
    state ~ sky, table,
    sequence = "who", batch_size = 8, units = 2, updates = 3, verbose = 0, save = FALSE
  ))
  expect_equal(sequences$features, c("sky=rain", "sky=sun"))
  expect_length(predict(sequences, table), 16)
  table$sky <- as.character(table$sky)
  table$sky[3] <- "snow"
  expect_warning(predict(run, table), "no 'snow' in column 'sky'; 1 row of x")
})

test_that("what new data leave open is read as in the training, in a data frame and in a file", {
  skip_without_python()
  texts <- function(days, values) {
    data.frame(day = format(days, "%m/%d/%Y"), sales = formatC(values, format = "f", digits = 1, big.mark = ","))
  }
  run <- train_tiny(texts(as.Date("2024-01-01") + 0:59, 1500.5 + 100 * series(60)), target = "sales", task = "forecast")
  days <- as.Date("2024-02-02") + 0:9
  expected <- predict(run, data.frame(day = days, sales = 1500 + 11 * 1:10))
  new <- data.frame(day = format(days, "%m/%d/%Y"), sales = format(1500 + 11 * 1:10, big.mark = ","))
  for (x in list(new, write_table(new))) {
    sentences <- testthat::capture_warnings(predicted <- predict(run, x))
    expect_equal(predicted, expected)
    expect_match(sentences, "such as 02/03/2024 are read as 3 February 2024, as in the training", all = FALSE)
    expect_match(sentences, "such as 1,511 are read as 1511, because they were so in the training", all = FALSE)
    expect_equal(suppressWarnings(predict(run, x, date_order = "month_first", thousands_mark = "comma")), expected)
  }
  expect_match(error_message(predict(run, "nothing.csv"), "predict"), "There is no file nothing.csv")
})

test_that("what a prediction fills or assumes is a warning", {
  skip_without_python()
  run <- train_tiny(series())
  x <- series(20)
  x[5] <- NA
  expect_warning(filled <- predict(run, x), "1 missing value of x was filled with the last value before")
  expect_identical(filled, predict(run, replace(x, 5, x[4])))
  refuses <- train_tiny(series(), missing = "error")
  expect_match(error_message(predict(refuses, x), "predict"), "missing|NaN")
  frame <- data.frame(day = as.Date("2024-01-01") + 0:39, sales = series(40))
  run <- train_tiny(frame, target = "sales", batch_size = 8)
  sentences <- testthat::capture_warnings(later <- predict(run, frame[c(1:19, 21:30), ]))
  expect_match(sentences, "1 missing value of x was filled", all = FALSE)
  expect_length(later, 26)
})
