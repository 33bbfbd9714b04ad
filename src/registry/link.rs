//! The `Link` header (RFC 8288), by which a registry names the next page of a list.

/// The links of a header and their parameters; `None`, and no more, for a link that is not closed.
pub(super) fn links(header: &str) -> impl Iterator<Item = Option<(&str, &str)>> {
    let mut rest = header;
    std::iter::from_fn(move || {
        let (_, link) = rest.split_once('<')?;
        let Some((target, after)) = link.split_once('>') else {
            rest = "";
            return Some(None);
        };
        let (params, left) = after.split_at(after.find('<').unwrap_or(after.len()));
        rest = left;
        Some(Some((target, params)))
    })
}

/// True if the parameters of a link say that it leads to the next page; `None` if they name no relation.
pub(super) fn is_next(params: &str) -> Option<bool> {
    let mut relations = params.split([';', ',']).filter_map(|param| {
        let (name, value) = param.split_once('=')?;
        name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_matches('"'))
    });
    let relation = relations.next()?;
    Some(relation.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("next")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_with_their_relations() {
        let of = |link: Option<(&'static str, &str)>| link.map(|(to, params)| (to, is_next(params)));
        let read = |header: &'static str| links(header).map(of).collect::<Vec<_>>();
        assert_eq!(
            read("</a>; rel=\"prev\", </b,c>;rel=NEXT"),
            [Some(("/a", Some(false))), Some(("/b,c", Some(true)))]
        );
        assert_eq!(read("</a>; title=x, <>; rel=\"last next\""), [Some(("/a", None)), Some(("", Some(true)))]);
        assert_eq!(read("</a>; rel=next, </b"), [Some(("/a", Some(true))), None]);
        assert!(read("nonsense").is_empty() && read("").is_empty());
    }
}
