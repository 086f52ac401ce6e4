//! What can go wrong below the rules.

/// A failure of the database, the blobs or the keyring. Never carries data.
#[derive(Debug, Clone)]
pub enum Error {
    /// A unique value exists already.
    Duplicate,
    /// The database refused or failed.
    Database(String),
    /// The database has no free connection or is locked for too long: try again later.
    Busy,
    /// A blob could not be written or read.
    Blob(String),
    /// A sealed value could not be opened: wrong key, or tampered with.
    Sealed,
    /// The key was destroyed: the data is gone for good.
    Forgotten,
    /// A text holds a NUL character, which one of the databases cannot keep: refused on both.
    Unstorable,
    /// A row holds something this program did not write.
    Corrupt(&'static str),
    /// The keyring cannot be used.
    Keyring(String),
}

/// The store's result.
pub type Result<T> = std::result::Result<T, Error>;

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Duplicate => formatter.write_str("the value exists already"),
            Self::Database(what) => write!(formatter, "database: {what}"),
            Self::Busy => formatter.write_str("the database is busy"),
            Self::Blob(what) => write!(formatter, "blob store: {what}"),
            Self::Sealed => formatter.write_str("a sealed value could not be opened"),
            Self::Forgotten => formatter.write_str("the key of this data was destroyed"),
            Self::Unstorable => formatter.write_str("a text holds a NUL character"),
            Self::Corrupt(what) => write!(formatter, "unexpected content in {what}"),
            Self::Keyring(what) => write!(formatter, "keyring: {what}"),
        }
    }
}

impl std::error::Error for Error {}
