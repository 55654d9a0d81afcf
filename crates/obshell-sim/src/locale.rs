//! The language of error messages.

/// A language of the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locale {
    English,
    Chinese,
}

/// The requested language, if `Accept-Language` is one well-formed BCP 47 tag. A browser's list is
/// not.
pub(crate) fn parse(accept_language: Option<&str>) -> Option<Locale> {
    let tag = accept_language?;
    let mut parts = tag.split(['-', '_']);
    let language = parts.next()?;
    let language_fits = (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic());
    let rest_fits = parts.all(|part| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let chinese = language.eq_ignore_ascii_case("zh");
    (language_fits && rest_fits).then_some(if chinese {
        Locale::Chinese
    } else {
        Locale::English
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tag_is_understood_and_a_list_is_not() {
        for chinese in ["zh-CN", "zh", "zh_CN", "zh-TW", "zh-Hans-CN"] {
            assert_eq!(parse(Some(chinese)), Some(Locale::Chinese), "{chinese}");
        }
        for english in ["en-US", "en", "fr"] {
            assert_eq!(parse(Some(english)), Some(Locale::English), "{english}");
        }
        for nothing in ["zh-CN,zh;q=0.9,en;q=0.8", "*", ""] {
            assert_eq!(parse(Some(nothing)), None, "{nothing}");
        }
        assert_eq!(parse(None), None);
    }
}
