//! The person to be verified, as the caller knows them.

use crate::id::SubjectId;
use crate::person::Identity;
use crate::verification::Channel;
use crate::{Private, Refusal};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A person known by the caller's own id for them. Everything but the id and the dates is personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Ipse's id.
    pub id: SubjectId,
    /// When the subject was first named.
    pub created_at: Timestamp,
    /// What the caller knows.
    #[serde(flatten)]
    pub profile: Profile,
}

/// What the caller knows about a subject.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The caller's own id: 1 to 255 characters, unique per organization.
    pub external_id: Private<String>,
    /// Names and date of birth from the caller's directory.
    #[serde(flatten)]
    pub identity: Identity,
    /// Addresses a link may be sent to, preferred one first.
    #[serde(default)]
    pub emails: Vec<Private<String>>,
    /// Telephone numbers in E.164 form a link may be sent to, preferred one first.
    #[serde(default)]
    pub phones: Vec<Private<String>>,
    /// When the directory last changed any address or number; absent when the caller does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_changed_at: Option<Timestamp>,
    /// When it last changed the address, where the caller knows that for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emails_changed_at: Option<Timestamp>,
    /// When it last changed the number, where the caller knows that for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phones_changed_at: Option<Timestamp>,
    /// What the subject is to the caller, such as `privileged`: at most 20. Never personal data, and not written with
    /// what is: labels are kept where they can be asked for.
    #[serde(skip)]
    pub labels: BTreeSet<String>,
}

impl Profile {
    /// The address or number that a link goes to.
    pub fn contact(&self, channel: Channel) -> Option<&Private<String>> {
        match channel {
            Channel::Email => self.emails.first(),
            Channel::Sms => self.phones.first(),
            Channel::None => None,
        }
    }

    /// When the contact for a channel last changed, as far as anybody knows.
    pub fn changed_at(&self, channel: Channel) -> Option<Timestamp> {
        let own = match channel {
            Channel::Email => self.emails_changed_at,
            Channel::Sms => self.phones_changed_at,
            Channel::None => None,
        };
        own.or(self.contact_changed_at)
    }

    /// Whether a link may go to the contact for a channel: it is there, and known to be older than so many days (HD-4).
    pub fn is_trusted(&self, channel: Channel, min_age_days: u32, now: Timestamp) -> bool {
        let oldest = now.checked_sub(SignedDuration::from_hours(24 * i64::from(min_age_days))).ok();
        let old_enough = || self.changed_at(channel).zip(oldest).is_some_and(|(changed, oldest)| changed <= oldest);
        self.contact(channel).is_some() && (min_age_days == 0 || old_enough())
    }

    /// What the caller says now, over what was known. A contact that differs from the one known changed just now, unless
    /// the caller tells of a later change than was known; one that does not differ never grows older than was known.
    #[must_use]
    pub fn with_contact_ages(mut self, known: &Self, now: Timestamp) -> Self {
        for channel in [Channel::Email, Channel::Sms] {
            let (told, before) = (self.changed_at(channel), known.changed_at(channel));
            let changed = self.contact(channel) != known.contact(channel);
            // What was said while there was no contact was said of none.
            let before = before.filter(|_| known.contact(channel).is_some());
            let age = if changed { told.filter(|told| Some(*told) > before).or(Some(now)) } else { told.max(before) };
            match channel {
                Channel::Email => self.emails_changed_at = age,
                Channel::Sms => self.phones_changed_at = age,
                Channel::None => {}
            }
        }
        self
    }

    /// Refuses what could not be used later: bounds on every text, addresses that are addresses, numbers that are numbers.
    pub fn validate(&self) -> Result<(), Refusal> {
        bounded("external_id", self.external_id.reveal(), 1, 255)?;
        let identity = &self.identity;
        for (field, value) in [
            ("given_name", &identity.given_name),
            ("middle_name", &identity.middle_name),
            ("family_name", &identity.family_name),
        ] {
            if let Some(value) = value {
                bounded(field, value.reveal(), 1, 200)?;
            }
        }
        if self.emails.len() > 10 || self.phones.len() > 10 {
            return Err(Refusal::invalid("emails", "at most ten addresses and ten numbers"));
        }
        for email in &self.emails {
            if !is_email(email.reveal()) {
                return Err(Refusal::invalid("emails", "not an e-mail address"));
            }
        }
        for phone in &self.phones {
            if !is_e164(phone.reveal()) {
                return Err(Refusal::invalid("phones", "not a number in E.164 form, such as +14155550123"));
            }
        }
        if self.labels.len() > 20 || !self.labels.iter().all(|label| is_label(label)) {
            return Err(Refusal::invalid("labels", "at most 20, each 1 to 40 of a-z, 0-9, - and _"));
        }
        Ok(())
    }
}

/// Refuses a text whose length in characters is outside `least..=most`, or that carries control characters.
pub fn bounded(field: &'static str, text: &str, least: usize, most: usize) -> Result<(), Refusal> {
    let length = text.chars().count();
    if length < least || length > most {
        return Err(Refusal::invalid(field, format!("must have {least} to {most} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(Refusal::invalid(field, "must not contain control characters"));
    }
    Ok(())
}

/// Whether a text is a label: 1 to 40 of `a-z`, `0-9`, `-` and `_`.
pub fn is_label(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    (1..=40).contains(&text.len()) && text.bytes().all(allowed)
}

/// Whether a text is one mailbox that can be written to: enough to keep header injection and nonsense out, no more.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let allowed = |character: char| character.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(character);
    text.len() <= 254
        && !local.is_empty()
        && local.chars().all(allowed)
        && !domain.is_empty()
        && !domain.starts_with(['.', '-'])
        && !domain.ends_with(['.', '-'])
        && !domain.contains("..")
        && domain.chars().all(|character| character.is_alphanumeric() || ".-".contains(character))
}

/// Whether a text is an E.164 number: a plus sign and 7 to 15 digits.
pub fn is_e164(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|digits| (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_checked() {
        for good in ["ada@example.com", "a.b+c@sub.example.org", "jörg@exämple.de"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["", "@", "a@", "@b", "a b@c", "a@b\r\nBcc: x@y", "a@-b", "a@b..c", "a@b@ c"] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(is_e164("+14155550123"));
        for bad in ["14155550123", "+", "+123", "+1415555012345678", "+1415 555"] {
            assert!(!is_e164(bad), "{bad}");
        }
    }

    const DAY: i64 = 24 * 3600;

    fn day(number: i64) -> Timestamp {
        Timestamp::from_second(number * DAY).unwrap()
    }

    fn profile(email: &str, phone: &str) -> Profile {
        let list = |text: &str| vec![Private::new(text.to_owned())];
        Profile { emails: list(email), phones: list(phone), ..Profile::default() }
    }

    #[test]
    fn a_new_number_does_not_make_the_address_new() {
        let known = Profile { contact_changed_at: Some(day(1)), ..profile("a@example.com", "+14155550123") };
        let now = day(100);
        let next = Profile { contact_changed_at: Some(day(1)), ..profile("a@example.com", "+14155550199") };
        let next = next.with_contact_ages(&known, now);
        assert!(next.is_trusted(Channel::Email, 14, now));
        assert!(!next.is_trusted(Channel::Sms, 14, now), "the old date was said of the old number");
        assert!(next.is_trusted(Channel::Sms, 14, day(114)) && next.is_trusted(Channel::Sms, 0, now));
        assert!(!next.is_trusted(Channel::None, 0, now));
        let again = Profile { contact_changed_at: Some(day(1)), ..profile("a@example.com", "+14155550199") };
        let again = again.with_contact_ages(&next, day(101));
        assert!(!again.is_trusted(Channel::Sms, 14, day(101)), "saying it twice makes nothing older");
    }

    #[test]
    fn what_was_said_of_no_contact_binds_none() {
        let known = Profile { phones_changed_at: Some(day(50)), ..Profile::default() };
        let usable = Profile { phones_changed_at: Some(day(50)), ..profile("a@example.com", "+14155550123") };
        let usable = usable.with_contact_ages(&known, day(100));
        assert!(usable.is_trusted(Channel::Sms, 14, day(100)), "the directory has said how old it is");
        assert!(!usable.is_trusted(Channel::Email, 14, day(100)), "of this one nobody has");
    }

    #[test]
    fn a_date_for_one_channel_says_nothing_of_the_other() {
        let now = day(100);
        let given = Profile { emails_changed_at: Some(day(50)), ..profile("a@example.com", "+14155550123") };
        assert!(given.is_trusted(Channel::Email, 14, now));
        assert!(!given.is_trusted(Channel::Sms, 14, now), "nobody knows");
        let told = Profile { phones_changed_at: Some(day(99)), ..profile("a@example.com", "+14155550199") };
        let told = told.with_contact_ages(&given, now);
        assert_eq!(told.changed_at(Channel::Sms), Some(day(99)), "the directory knows when");
    }

    #[test]
    fn a_profile_out_of_bounds_is_refused() {
        let profile = Profile { external_id: Private::new(String::new()), ..Profile::default() };
        assert!(profile.validate().is_err());
        let profile = Profile { external_id: Private::new("x".repeat(256)), ..Profile::default() };
        assert!(profile.validate().is_err());
        let profile = Profile { external_id: Private::new("x\n".to_owned()), ..Profile::default() };
        assert!(profile.validate().is_err());
        let labelled = |labels: Vec<String>| Profile {
            external_id: Private::new("x".to_owned()),
            labels: labels.into_iter().collect(),
            ..Profile::default()
        };
        assert!(labelled(vec!["privileged".into(), "tier_0-eu".into(), "x".repeat(40)]).validate().is_ok());
        for bad in ["", "Privileged", "two words", "é", &"x".repeat(41)] {
            assert!(labelled(vec![bad.to_owned()]).validate().is_err(), "{bad}");
        }
        assert!(labelled((0..20).map(|n| n.to_string()).collect()).validate().is_ok());
        assert!(labelled((0..21).map(|n| n.to_string()).collect()).validate().is_err());
    }
}
