//! Calendar dates as documents carry them.

pub use jiff::civil::Date;

/// Reads an ISO 8601 calendar date, `YYYY-MM-DD`, and nothing looser.
pub fn parse(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

/// Resolves a two-digit birth year (ICAO 9303-3 §4.8 leaves the century open): the latest date that is not after `today`.
pub fn birth_date(two_digit_year: u8, month: u8, day: u8, today: Date) -> Option<Date> {
    let century = today.year() / 100 * 100;
    [century, century - 100]
        .into_iter()
        .filter_map(|base| date(base + i16::from(two_digit_year), month, day))
        .find(|date| *date <= today)
}

/// Resolves a two-digit expiry year: the date nearest to `today`, because no travel document is valid for fifty years.
pub fn expiry_date(two_digit_year: u8, month: u8, day: u8, today: Date) -> Option<Date> {
    let century = today.year() / 100 * 100;
    [century - 100, century, century + 100]
        .into_iter()
        .map(|base| base + i16::from(two_digit_year))
        .min_by_key(|year| (year - today.year()).abs())
        .and_then(|year| date(year, month, day))
}

fn date(year: i16, month: u8, day: u8) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 21);

    #[test]
    fn centuries_are_chosen_by_sense() {
        assert_eq!(birth_date(26, 11, 21, TODAY), Some(Date::constant(2026, 11, 21)));
        assert_eq!(birth_date(26, 11, 22, TODAY), Some(Date::constant(1926, 11, 22)));
        assert_eq!(birth_date(74, 8, 12, TODAY), Some(Date::constant(1974, 8, 12)));
        assert_eq!(expiry_date(12, 4, 15, TODAY), Some(Date::constant(2012, 4, 15)));
        assert_eq!(expiry_date(36, 4, 15, TODAY), Some(Date::constant(2036, 4, 15)));
        assert_eq!(expiry_date(31, 2, 30, TODAY), None);
    }

    #[test]
    fn only_full_iso_dates_are_read() {
        assert_eq!(parse("1974-08-12"), Some(Date::constant(1974, 8, 12)));
        for bad in ["1974-8-12", "12.08.1974", "1974-13-01", "", "1974-08-12T00:00:00Z"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
