//! PostgreSQL over TLS: who is at the other end is checked, against the system's certificates or those of a file.

use ipse_store::seal::Keyring;
use ipse_store::{Address, Blobs, Store};

async fn open(parameters: &str) -> Result<Store, ipse_store::Error> {
    let folder = tempfile::tempdir().unwrap();
    let address = Address::Postgres(format!("{}?{parameters}", crate::postgres()));
    Store::open(&address, Blobs::folder(folder.path()).unwrap(), Keyring::generate("k1").unwrap()).await
}

fn certificate() -> String {
    std::env::var("IPSE_TEST_POSTGRES_CERTIFICATE").unwrap_or_else(|_| {
        panic!("IPSE_TEST_POSTGRES_CERTIFICATE names no file; `cargo xtask test` starts a server that has one")
    })
}

#[tokio::test]
async fn a_certificate_that_is_trusted_opens_and_any_other_does_not() {
    let trusted = certificate();
    for mode in ["require", "verify-full"] {
        let store = open(&format!("sslmode={mode}&sslrootcert={trusted}")).await.unwrap();
        store.ping().await.unwrap();
    }
    assert!(open("sslmode=require").await.is_err(), "the system trusts no certificate that signed itself");

    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.pem");
    let missing = folder.path().join("missing.pem");
    // Somebody else's authority: well formed, and not the one that signed.
    std::fs::write(&other, include_str!("other_authority.pem")).unwrap();
    for file in [other, missing] {
        let refused = open(&format!("sslmode=require&sslrootcert={}", file.display())).await;
        assert!(refused.is_err(), "{}", file.display());
    }
}
