//! The day against which `until` is judged.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Reads an ISO date as `--today` takes it.
pub(crate) fn parse(text: &str) -> Result<String, String> {
    let wrong = || "a date is written as in 2027-03-31, and must exist".to_owned();
    let date: Date = text.parse().map_err(|_| wrong())?;
    // jiff also reads longer forms; the language has one.
    if date.to_string() == text { Ok(text.to_owned()) } else { Err(wrong()) }
}

/// Today, in UTC, by the clock.
pub(crate) fn by_clock() -> String {
    TimeZone::UTC.to_datetime(Timestamp::now()).date().to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_iso_dates_that_exist() {
        assert_eq!(super::parse("2027-03-31").as_deref(), Ok("2027-03-31"));
        for wrong in ["2027-02-29", "2027-3-1", "20270331", "2027-03-31T10:00", "tomorrow", ""] {
            assert!(super::parse(wrong).is_err(), "{wrong}");
        }
    }
}
