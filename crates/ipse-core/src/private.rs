//! Personal data as a type: it can be stored and compared, but not printed by accident.

use serde::{Deserialize, Serialize};

/// A personal datum. `Debug` never shows it, there is no `Display`, and reading it takes a visible [`Private::reveal`].
///
/// Serialisation is transparent because sealed records and `expand`ed API answers need the value; those are the
/// only two places that serialise a type holding one.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Wraps a personal datum.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The datum itself. Whoever calls this answers for where it goes next.
    pub const fn reveal(&self) -> &T {
        &self.0
    }

    /// Consumes the wrapper.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> std::fmt::Debug for Private<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[private]")
    }
}

impl<T> From<T> for Private<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Private;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Private::new("Ada")), "[private]");
    }
}
