//! The `texts!` macro.

/// Declares texts, each as a function of the language and its parameters:
///
/// ```
/// use itsmc::model::lang::Lang;
/// itsmc::texts! {
///     /// The wizard's place.
///     step(number: usize, of: usize), "step {number} of {of}", "stap {number} van {of}";
///     /// A heading.
///     title, "New connection", "Nieuwe verbinding";
/// }
/// assert_eq!(step(Lang::Nl, 3, 7), "stap 3 van 7");
/// assert_eq!(title(Lang::En), "New connection");
/// ```
#[macro_export]
macro_rules! texts {
    () => {};
    ($(#[$doc:meta])* $name:ident, $en:literal, $nl:literal; $($rest:tt)*) => {
        $(#[$doc])*
        pub fn $name(lang: $crate::model::lang::Lang) -> &'static str {
            lang.pick($en, $nl)
        }
        $crate::texts! { $($rest)* }
    };
    ($(#[$doc:meta])* $name:ident($($arg:ident: $kind:ty),+), $en:literal, $nl:literal; $($rest:tt)*) => {
        $(#[$doc])*
        pub fn $name(lang: $crate::model::lang::Lang, $($arg: $kind),+) -> String {
            match lang {
                $crate::model::lang::Lang::En => format!($en),
                $crate::model::lang::Lang::Nl => format!($nl),
            }
        }
        $crate::texts! { $($rest)* }
    };
}
