//! How many signatures and whole flows a core makes: `cargo test --release -p ipse-oidc -- --ignored speed --nocapture`.

use crate::house::*;
use ipse_oidc::profile::Alg;
use serde_json::{Map, json};
use std::time::Duration;

/// The processor's time that this thread has had: others may be at work on the machine (Linux).
fn processor() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split_whitespace().next().unwrap().parse().unwrap())
}

fn each(name: &str, mut one: impl FnMut()) {
    for _ in 0..20 {
        one();
    }
    let (begun, mut times) = (processor(), 0_u32);
    while processor().saturating_sub(begun) < Duration::from_secs(2) {
        one();
        times += 1;
    }
    let spent = processor().saturating_sub(begun).as_secs_f64();
    println!("{name:<28} {:>9.0} a second of one core", f64::from(times) / spent);
}

#[test]
#[ignore = "prints figures, proves nothing"]
fn speed() {
    let claims: Map<_, _> = [("sub".to_owned(), json!("x".repeat(300)))].into_iter().collect();
    for alg in Alg::ALL {
        each(&format!("sign {}", alg.as_str()), || {
            provider().keys.sign(alg, &claims).unwrap();
        });
    }
    let key = jsonwebtoken::EncodingKey::from_rsa_der(&records()[0].pkcs8[26..]);
    let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::RS256);
    each("sign RS256, jsonwebtoken", || {
        jsonwebtoken::encode(&header, &claims, &key).unwrap();
    });
    let (client, proof) = (okta(), proof());
    each("push", || {
        push(&client, &request(&client)).unwrap();
    });
    each("push to code", || {
        answer(&client, &request(&client), &proof);
    });
    each("whole flow, RS256", || {
        let answer = answer(&client, &request(&client), &proof);
        redeem(&client, &exchange(&client, &answer), answer.grant.as_ref(), noon()).unwrap();
    });
}
