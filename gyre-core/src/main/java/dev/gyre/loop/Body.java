package dev.gyre.loop;

/// Code without a result, beside [java.util.concurrent.Callable] for code with one: the body of a
/// task, or of a part of one, or a call that [IOLoop#runInExecutor] makes elsewhere.
///
/// Which of the two a lambda is, its form decides: `() -> { send(); }` is this, and `() ->
/// answer()` and `() -> { return answer(); }` are a `Callable`, also where nobody needs the value.
/// A lambda that never returns, such as one that loops for ever, is a `Callable`. A reference to a
/// method is what that method is, `this::send` this and `this::answer` a `Callable`; to one of
/// several methods of that name it does not compile, since javac does not look further: write the
/// lambda.
@FunctionalInterface
public interface Body {

    /// Runs the code.
    ///
    /// @throws Exception whatever the code meets
    void run() throws Exception;
}
