//! Where the focus goes as the screen changes.

use yew::prelude::*;

use crate::ui::dom::focus;

/// The places that take the focus.
#[derive(Clone, PartialEq)]
pub struct ScreenFocus {
    /// The heading of the screen; on the connect form the field that is empty.
    pub heading: NodeRef,
    /// The operations on a task, and the question before one of them.
    pub operations: NodeRef,
}

/// Moves the focus to the heading, or to what a screen has in its place, as another screen appears, and to the operations as a question
/// appears there (`asks`); to the heading again as it goes. The first screen takes no focus: the
/// page around the console may have its own idea of where to begin.
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
            // The button that was pressed is gone.
            if asks && !asked {
                focus(&places.operations);
            } else if asked && !asks {
                focus(&places.heading);
            }
        });
    }
    places
}
