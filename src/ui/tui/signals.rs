//! What the system asks of us, as messages in the one queue.

use tokio::sync::mpsc::UnboundedSender;

use crate::ui::app::message::Message;

/// Listens until the program ends. Must be called inside the async runtime.
///
/// # Errors
/// When the system does not let us listen.
#[cfg(unix)]
pub fn listen(queue: &UnboundedSender<Message>) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let stop = SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw());
    let go_on = SignalKind::from_raw(rustix::process::Signal::CONT.as_raw());
    for (kind, message) in [
        (SignalKind::terminate(), Message::Terminate(143)),
        (SignalKind::interrupt(), Message::Terminate(130)),
        (SignalKind::hangup(), Message::Terminate(129)),
        (stop, Message::Suspend),
        (go_on, Message::Resume),
    ] {
        let (mut signals, queue) = (signal(kind)?, queue.clone());
        tokio::spawn(async move { while signals.recv().await.is_some() && queue.send(message.clone()).is_ok() {} });
    }
    Ok(())
}

/// Listens until the program ends. Must be called inside the async runtime.
///
/// # Errors
/// When the system does not let us listen.
#[cfg(windows)]
pub fn listen(queue: &UnboundedSender<Message>) -> std::io::Result<()> {
    use tokio::signal::windows::{ctrl_break, ctrl_close};
    let (mut closed, mut broken, queue) = (ctrl_close()?, ctrl_break()?, queue.clone());
    tokio::spawn(async move {
        tokio::select! {
            _ = closed.recv() => {}
            _ = broken.recv() => {}
        }
        let _ = queue.send(Message::Terminate(143));
    });
    Ok(())
}
