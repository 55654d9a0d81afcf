//! The focus after a change of the screen.

use yew::prelude::*;

use crate::ui::dom::focus;

/// The elements that take the focus.
#[derive(Clone, PartialEq)]
pub struct ScreenFocus {
    /// The heading of the screen; on the connect form the first empty field.
    pub heading: NodeRef,
    /// The operations on a task, and the confirmation question before one of them.
    pub operations: NodeRef,
}

/// Moves the focus to the heading (or to the element that replaces it) when another screen appears,
/// to the operations when a question appears there (`asks`), and back to the heading when the
/// question disappears. The first screen takes no focus: the page around the console may place the
/// initial focus itself.
#[hook]
pub fn use_screen_focus<S: PartialEq + Copy + 'static>(screen: S, asks: bool) -> ScreenFocus {
    let heading = use_node_ref();
    let operations = use_node_ref();
    let places = ScreenFocus {
        heading,
        operations,
    };
    let drawn = use_mut_ref(|| None);
    {
        let places = places.clone();
        use_effect_with((screen, asks), move |&(screen, asks)| {
            let before = drawn.replace(Some((screen, asks)));
            let Some((screen_before, asked)) = before else {
                return;
            };
            if screen != screen_before {
                focus(&places.heading);
            }
            // The pressed button has been removed.
            if asks && !asked {
                focus(&places.operations);
            } else if asked && !asks {
                focus(&places.heading);
            }
        });
    }
    places
}
