//! PDF417 symbols (ISO/IEC 15438) on photographs.
