//! Pages of lists: newest first, the cursor is the last id seen.

use crate::http::problem::Problem;
use ipse_core::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many, 1 to 100; 20 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl Paging {
    /// The number asked for.
    pub fn limit(&self) -> Result<u32, Problem> {
        match self.limit {
            None => Ok(20),
            Some(limit) if (1..=100).contains(&limit) => Ok(limit),
            Some(_) => Err(Refusal::invalid("limit", "must be 1 to 100").into()),
        }
    }

    /// The cursor, bounded.
    pub fn before(&self) -> Result<Option<&str>, Problem> {
        match self.cursor.as_deref() {
            Some(cursor) if cursor.len() > 64 || !cursor.is_ascii() => {
                Err(Refusal::invalid("cursor", "must be a next_cursor of this list").into())
            }
            cursor => Ok(cursor),
        }
    }
}

/// A page.
#[derive(Serialize, ToSchema)]
pub struct List<T> {
    /// `list`.
    object: &'static str,
    /// The items.
    data: Vec<T>,
    /// Whether there is another page.
    has_more: bool,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

impl<T> List<T> {
    /// A page out of one more item than was asked for.
    pub fn page(mut items: Vec<T>, limit: u32, id: impl Fn(&T) -> String) -> Self {
        let has_more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let next_cursor = if has_more { items.last().map(id) } else { None };
        Self { object: "list", data: items, has_more, next_cursor }
    }

    /// Everything at once.
    pub const fn whole(items: Vec<T>) -> Self {
        Self { object: "list", data: items, has_more: false, next_cursor: None }
    }
}
