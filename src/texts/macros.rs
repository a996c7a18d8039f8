//! The `texts!` macro.

/// Declares texts, each as a function of the language and its parameters. The English is the documentation:
///
/// ```
/// use itsmc::model::lang::Lang;
/// pub enum Colour {
///     Red,
///     Green,
/// }
/// itsmc::texts! {
///     step(number: usize, of: usize), "step {number} of {of}", "stap {number} van {of}";
///     title, "New connection", "Nieuwe verbinding";
///     /// A text for each variant of an enum.
///     colour: Colour {
///         Red => "red", "rood";
///         Green => "green", "groen";
///     }
/// }
/// assert_eq!(step(Lang::Nl, 3, 7), "stap 3 van 7");
/// assert_eq!(title(Lang::En), "New connection");
/// assert_eq!(colour(Lang::Nl, Colour::Green), "groen");
/// ```
#[macro_export]
macro_rules! texts {
    () => {};
    ($(#[$doc:meta])* $name:ident: $kind:ident { $($($variant:ident)|+ => $en:literal, $nl:literal;)+ } $($rest:tt)*) => {
        $(#[$doc])*
        pub fn $name(lang: $crate::model::lang::Lang, value: $kind) -> &'static str {
            match value {
                $($($kind::$variant)|+ => lang.pick($en, $nl),)+
            }
        }
        $crate::texts! { $($rest)* }
    };
    ($(#[$doc:meta])* $name:ident, $en:literal, $nl:literal; $($rest:tt)*) => {
        #[doc = concat!("`", $en, "`")]
        $(#[$doc])*
        pub fn $name(lang: $crate::model::lang::Lang) -> &'static str {
            lang.pick($en, $nl)
        }
        $crate::texts! { $($rest)* }
    };
    ($(#[$doc:meta])* $name:ident($($arg:ident: $kind:ty),+), $en:literal, $nl:literal; $($rest:tt)*) => {
        #[doc = concat!("`", $en, "`")]
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
