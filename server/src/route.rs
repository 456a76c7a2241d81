//! Routes: which endpoint a method and a path lead to, by the tables of the core.

use axum::http::Method;
use cardwright_core::http::Route;

/// The path below a base, whatever the case of the base's letters, and with no slash at either end.
pub(crate) fn below<'p>(path: &'p str, base: &str) -> Option<&'p str> {
    let (front, rest) = path.split_at_checked(base.len())?;
    let is_below = front.eq_ignore_ascii_case(base) && (rest.is_empty() || rest.starts_with('/'));
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    is_below.then(|| rest.strip_suffix('/').unwrap_or(rest))
}

/// What a method and a path lead to.
pub(crate) enum Found<'p, E> {
    /// An endpoint, and the arguments in its path.
    Endpoint(E, [&'p str; 2]),
    /// The path exists, with these methods only.
    WrongMethod(String),
    /// Nothing.
    Nothing,
}

/// Finds an endpoint of an API.
pub(crate) fn find<'p, E>(
    routes: impl IntoIterator<Item = (E, &'static Route)>,
    method: &Method,
    path: &'p str,
) -> Found<'p, E> {
    let mut allow = Vec::new();
    for (endpoint, route) in routes {
        let Some(arguments) = arguments(route, path) else { continue };
        let name = route.method.name();
        if method.as_str() == name {
            return Found::Endpoint(endpoint, arguments);
        }
        allow.push(name);
    }
    if allow.is_empty() { Found::Nothing } else { Found::WrongMethod(allow.join(", ")) }
}

/// The arguments in a path; `None` if the path is not of this route.
pub(crate) fn arguments<'p>(route: &Route, path: &'p str) -> Option<[&'p str; 2]> {
    let mut arguments = [""; 2];
    route.matches(path, &mut arguments).then_some(arguments)
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn a_base_is_found_whatever_its_case_and_never_in_a_longer_word() {
        assert_eq!(below("/CertiFlow/API/Cards/", "/certiflow/api"), Some("Cards"));
        assert_eq!(below("/certiflow/api", "/certiflow/api"), Some(""));
        assert_eq!(below("/certiflow/apis", "/certiflow/api"), None);
        assert_eq!(below("/c", "/certiflow/api"), None);
        assert_eq!(below("/äääääääääääää", "/certiflow/api"), None);
    }
}
