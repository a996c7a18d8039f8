//! The loop: messages in, effects out, and a frame when something changed.

use std::io;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::clicks;
use super::run::{DebugPanic, break_down, is_breaker};
use super::terminal::Surface;
use crate::ui::app::effect::{Effect, Perform};
use crate::ui::app::message::Message;
use crate::ui::app::model::Model;
use crate::ui::app::update::{next_tick, start, update};

/// Frames follow each other no faster; a frame after a rest is drawn at once.
const FRAME: Duration = Duration::from_millis(16);

/// Messages taken in at most before a frame that is due.
const BATCH: usize = 512;

/// The exit code when the terminal is gone: that of SIGHUP.
pub(super) const GONE: u8 = 129;

/// The loop's parts; generic, so that a test can feed messages and look at the model that comes back.
pub struct Loop<'a, S, P> {
    model: Model,
    surface: &'a mut S,
    performer: &'a P,
    clock: fn() -> Timestamp,
    drawn: Option<Instant>,
    ended: Option<u8>,
    pub(super) breaker: Option<(DebugPanic, UnboundedSender<Message>)>,
}

enum Wake {
    Message(Option<Message>),
    Time,
    Frame,
}

impl<'a, S: Surface, P: Perform> Loop<'a, S, P> {
    /// A loop over this model.
    pub fn new(model: Model, surface: &'a mut S, performer: &'a P, clock: fn() -> Timestamp) -> Self {
        Self { model, surface, performer, clock, drawn: None, ended: None, breaker: None }
    }

    /// Runs until the program is left or nobody can send any more; the model as it is then, and the exit code
    /// if it was left. The first frame is drawn before the first effect is done.
    pub async fn drive(mut self, mut inbox: UnboundedReceiver<Message>) -> (Model, Option<u8>) {
        self.model.now = (self.clock)();
        self.draw();
        let effects = start(&mut self.model);
        self.act(effects);
        while self.ended.is_none() {
            match self.wait(&mut inbox).await {
                Wake::Frame => self.draw(),
                Wake::Time => self.take(Message::Tick((self.clock)())),
                Wake::Message(None) => break,
                Wake::Message(Some(message)) => self.take_all(message, &mut inbox),
            }
        }
        (self.model, self.ended)
    }

    async fn wait(&self, inbox: &mut UnboundedReceiver<Message>) -> Wake {
        tokio::select! {
            biased;
            () = pause(self.until_frame()) => Wake::Frame,
            message = inbox.recv() => Wake::Message(message),
            () = pause(self.until_tick()) => Wake::Time,
        }
    }

    /// How long until a frame may be drawn; `None` when nothing changed.
    fn until_frame(&self) -> Option<Duration> {
        self.model.dirty.then(|| self.drawn.map_or(Duration::ZERO, |drawn| FRAME.saturating_sub(drawn.elapsed())))
    }

    /// How long until something changes by time alone; `None` when nothing does.
    fn until_tick(&self) -> Option<Duration> {
        let until = next_tick(&self.model)?.duration_since((self.clock)());
        Some(Duration::try_from(until).unwrap_or(Duration::ZERO).max(FRAME))
    }

    /// Takes in everything that waits, under one time; a frame that is due comes first after a while.
    fn take_all(&mut self, first: Message, inbox: &mut UnboundedReceiver<Message>) {
        self.take(Message::Tick((self.clock)()));
        self.take(first);
        for _ in 0..BATCH {
            match inbox.try_recv() {
                Ok(message) if self.ended.is_none() => self.take(message),
                _ => return,
            }
        }
    }

    fn take(&mut self, message: Message) {
        if let Some((what, queue)) = self.breaker.as_ref().filter(|_| is_breaker(&message)) {
            let effects = break_down(*what, &mut self.model, queue);
            self.act(effects);
        }
        let message = match message {
            Message::Click(column, row) => clicks::read(&self.model, column, row),
            other => other,
        };
        let effects = update(&mut self.model, message);
        self.act(effects);
    }

    fn act(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let done = self.perform(effect);
            self.check(done);
        }
    }

    fn perform(&mut self, effect: Effect) -> io::Result<()> {
        match effect {
            Effect::Run(task, job) => self.performer.perform(task, job),
            Effect::Cancel(task) => self.performer.cancel(task),
            Effect::Copy(text) => self.surface.copy(&text)?,
            Effect::Mouse(on) => self.surface.mouse(on)?,
            Effect::Answer(question, typed) => self.performer.answer(question, typed),
            Effect::Redraw => self.surface.redraw()?,
            Effect::Suspend => self.surface.suspend()?,
            Effect::Resume => {
                let (columns, rows) = self.surface.resume()?;
                self.take(Message::Resize(columns, rows));
            }
            Effect::Quit(code) => self.ended = self.ended.or(Some(code)),
        }
        Ok(())
    }

    fn draw(&mut self) {
        self.model.dirty = false;
        self.model.charset = self.surface.charset(&self.model.settings);
        let done = self.surface.draw(&self.model);
        self.drawn = Some(Instant::now());
        self.check(done);
    }

    /// A terminal that takes nothing any more is gone, and the program with it.
    fn check(&mut self, done: io::Result<()>) {
        if let Err(error) = done
            && self.ended.is_none()
        {
            tracing::warn!(%error, "the terminal is gone");
            self.ended = Some(GONE);
            let effects = update(&mut self.model, Message::Terminate(GONE));
            self.act(effects);
        }
    }
}

async fn pause(span: Option<Duration>) {
    match span {
        Some(Duration::ZERO) => {}
        Some(span) => tokio::time::sleep(span).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use rstest::rstest;
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;
    use crate::model::secret::Secret;
    use crate::ui::app::effect::{Job, TaskId};
    use crate::ui::app::key::{Code, Key};
    use crate::ui::app::screens::Screen;
    use crate::ui::app::testing::{fresh, now};
    use crate::ui::tui::testing;

    type Log = Rc<RefCell<Vec<&'static str>>>;

    #[derive(Default)]
    struct Paper {
        log: Log,
        frames: usize,
        gone: bool,
        copied: Vec<String>,
    }

    impl Surface for Paper {
        fn draw(&mut self, _model: &Model) -> io::Result<()> {
            self.frames += 1;
            self.log.borrow_mut().push("frame");
            if self.gone { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
        }

        fn copy(&mut self, text: &str) -> io::Result<()> {
            self.copied.push(text.to_owned());
            Ok(())
        }

        fn mouse(&mut self, _on: bool) -> io::Result<()> {
            Ok(())
        }

        fn redraw(&mut self) -> io::Result<()> {
            self.log.borrow_mut().push("redraw");
            Ok(())
        }

        fn suspend(&mut self) -> io::Result<()> {
            self.log.borrow_mut().push("suspend");
            Ok(())
        }

        fn resume(&mut self) -> io::Result<(u16, u16)> {
            self.log.borrow_mut().push("resume");
            Ok((20, 5))
        }
    }

    struct Recorder(Log);

    impl Perform for Recorder {
        fn perform(&self, _task: TaskId, _job: Job) {
            self.0.borrow_mut().push("job");
        }

        fn cancel(&self, _task: TaskId) {}

        fn answer(&self, _question: u64, _typed: Option<Secret>) {}
    }

    /// Feeds the messages, then closes the queue.
    fn drive(paper: &mut Paper, messages: Vec<Message>) -> (Model, Option<u8>) {
        let (queue, inbox) = unbounded_channel();
        messages.into_iter().for_each(|message| queue.send(message).unwrap());
        drop(queue);
        let recorder = Recorder(Rc::clone(&paper.log));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(Loop::new(fresh(), paper, &recorder, now).drive(inbox))
    }

    #[test]
    fn the_first_frame_comes_before_the_first_effect() {
        let mut paper = Paper::default();
        drive(&mut paper, vec![]);
        assert_eq!(paper.log.borrow()[..2], ["frame", "job"]);
    }

    #[test]
    fn b1_ctrl_l_draws_everything_again() {
        let mut paper = Paper::default();
        drive(&mut paper, vec![Message::Key(Key::ctrl('l'))]);
        assert!(paper.log.borrow().contains(&"redraw"), "{:?}", paper.log.borrow());
    }

    #[test]
    fn keys_go_in_and_the_program_comes_back() {
        let mut paper = Paper::default();
        let keys = [Key::char('?'), Key::new(Code::Esc), Key::char('y')];
        let (model, code) = drive(&mut paper, keys.map(Message::Key).to_vec());
        assert!(matches!(model.front(), Some(Screen::CommandBox(shown)) if shown.command == "itsmc status"));
        assert_eq!(code, None);
        assert_eq!(paper.copied, ["itsmc status"]);
    }

    #[test]
    fn a_click_on_a_choice_moves_the_focus_and_another_takes_it() {
        let open = || Message::Key(Key::char(','));
        let (model, _) = drive(&mut Paper::default(), vec![open()]);
        let shown = testing::screen(&model, model.size);
        let line = shown.lines().position(|line| line.contains("Sync ")).unwrap();
        let click = || Message::Click(4, u16::try_from(line).unwrap());
        let after = |messages| match drive(&mut Paper::default(), messages).0.front() {
            Some(Screen::Preferences(screen)) => (screen.focus, screen.chosen.clone()),
            other => panic!("{other:?}"),
        };
        let (focus, chosen) = after(vec![open(), click()]);
        assert_eq!((focus, &chosen), (4, &model.settings));
        let (focus, chosen) = after(vec![open(), click(), click()]);
        assert!(focus == 4 && chosen != model.settings, "{chosen:?}");
    }

    #[rstest]
    #[case(Message::Key(Key::char('q')), 0)]
    #[case(Message::Key(Key::ctrl('c')), 130)]
    #[case(Message::Terminate(143), 143)]
    fn leaving_ends_it_with_its_code(#[case] message: Message, #[case] left: u8) {
        let (_, code) = drive(&mut Paper::default(), vec![message, Message::Key(Key::char('?'))]);
        assert_eq!(code, Some(left));
    }

    #[test]
    fn many_messages_make_few_frames() {
        let mut paper = Paper::default();
        drive(&mut paper, vec![Message::Key(Key::char('x')); 10 * BATCH]);
        assert!(paper.frames <= 2 + 10, "{} frames", paper.frames);
    }

    #[test]
    fn after_a_stop_the_size_is_read_anew() {
        let mut paper = Paper::default();
        let (model, _) = drive(&mut paper, vec![Message::Key(Key::ctrl('z')), Message::Resume]);
        assert_eq!(model.size, (20, 5));
        let log = paper.log.borrow();
        let stops: Vec<_> = log.iter().filter(|what| ["suspend", "resume"].contains(what)).collect();
        assert_eq!(stops, [&"suspend", &"resume"]);
    }

    #[test]
    fn a_terminal_that_is_gone_ends_the_program() {
        let mut paper = Paper { gone: true, ..Paper::default() };
        assert_eq!(drive(&mut paper, vec![]).1, Some(GONE));
    }
}
