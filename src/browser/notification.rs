//! System notifications, if the browser supports them and the person allows them.

use js_sys::Reflect;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Notification, NotificationOptions, NotificationPermission};
use yew::Callback;

/// The tag by which a notification replaces the previous one of the console.
const TAG: &str = "odp-console";

/// Whether the browser supports notifications: pages without HTTPS, and some browsers, do not.
fn exists() -> bool {
    web_sys::window().is_some_and(|window| {
        window.is_secure_context()
            && Reflect::get(&window, &"Notification".into()).is_ok_and(|it| it.is_function())
    })
}

/// Whether the person has allowed notifications.
#[must_use]
pub fn is_allowed() -> bool {
    exists() && Notification::permission() == NotificationPermission::Granted
}

/// Requests the permission, unless the person already decided; reports whether notifications are
/// allowed.
pub fn ask(done: Callback<bool>) {
    let Some(answer) = exists()
        .then(Notification::request_permission)
        .and_then(Result::ok)
    else {
        return done.emit(false);
    };
    spawn_local(async move {
        // A missing answer counts as no permission.
        let _ = JsFuture::from(answer).await;
        done.emit(is_allowed());
    });
}

/// Shows a notification. `language` is the tag of the text's language.
pub fn show(title: &str, language: &str) {
    if is_allowed() {
        let options = NotificationOptions::new();
        options.set_tag(TAG);
        options.set_lang(language);
        // Some browsers show only the notifications of service workers.
        let _ = Notification::new_with_options(title, &options);
    }
}
