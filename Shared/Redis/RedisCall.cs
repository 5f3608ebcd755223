using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Threading.Tasks.Sources;

namespace AspireGateway.Shared.Redis;

/// <summary>
/// One command and its reply. Rent it, build it with <see cref="Begin"/> or <see cref="BeginScript"/> and as many arguments as announced, send it once,
/// read the reply, dispose it once; a disposed call belongs to somebody else. It may be disposed at any time, also while it is on its way: the
/// connection holds it by a count of its own until the late reply has come or the connection is closed.
/// </summary>
public sealed class RedisCall : IDisposable, IValueTaskSource<RedisOutcome>
{
    // "$" or "*", a number of at most 10 digits, and the line's end.
    private const int MaxHeader = 16;
    // Longest of a long (20) and a double that reads back the same (24).
    private const int MaxNumber = 32;

    // Most calls of the ledger fit; larger memory goes back to the shared pool between calls.
    private const int MaxKept = 4096;

    private readonly RedisCallPool pool;
    private ManualResetValueTaskSourceCore<RedisOutcome> outcome = new() { RunContinuationsAsynchronously = true };
    private PooledBuffer request, reply;
    private int missing, holders, keyStart, keyLength, argumentsUntilKey;
    private bool isDisposed, goesOn;

    internal RedisCall(RedisCallPool pool) => this.pool = pool;

    /// <summary>What Redis answered, after <see cref="RedisOutcome.Ok"/> or <see cref="RedisOutcome.Error"/>; else nothing. Valid until the call is disposed.</summary>
    public RespReader Reply => new(reply.Filled);

    /// <summary>Whether it waits for its outcome. Changed only under the gate of the connection that holds it.</summary>
    internal bool IsPending { get; private set; }

    /// <summary>The timestamp at which it times out.</summary>
    internal long Deadline { get; private set; }

    /// <summary>Its number on the connection that holds it, in the order of sending.</summary>
    internal long Number { get; set; }

    /// <summary>Whether it names a script by its digest.</summary>
    internal bool NamesScript { get; private set; }

    /// <summary>Whether it was sent a second time, which happens once at most.</summary>
    internal bool WasResent { get; set; }

    /// <summary>The command as it is sent.</summary>
    internal ReadOnlySpan<byte> Request => request.Filled;

    /// <summary>The first key; empty when the command has none.</summary>
    internal ReadOnlySpan<byte> Key => request.Filled.Slice(keyStart, keyLength);

    /// <summary>Starts a command of so many words, its name included.</summary>
    public void Begin(int argumentCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(argumentCount, 1);
        if (request.Length > 0) throw new InvalidOperationException("The call was begun already.");
        WriteHeader((byte)'*', argumentCount);
        missing = argumentCount;
        argumentsUntilKey = 1;
    }

    /// <summary>Starts a call of a script; the keys and then the other arguments must follow.</summary>
    public void BeginScript(RedisScript script, int keys, int args)
    {
        ArgumentNullException.ThrowIfNull(script);
        Begin(3 + keys + args);
        argumentsUntilKey = -1;
        Arg("EVALSHA"u8);
        Arg(script.Sha.Span);
        Arg(keys);
        NamesScript = true;
        argumentsUntilKey = keys > 0 ? 0 : -1;
    }

    /// <summary>Adds an argument of bytes.</summary>
    public void Arg(ReadOnlySpan<byte> value)
    {
        StartArgument(value.Length);
        request.Append(value);
        request.Append("\r\n"u8);
    }

    /// <summary>Adds an argument of text, sent in UTF-8.</summary>
    public void Arg(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var length = Encoding.UTF8.GetByteCount(value);
        StartArgument(length);
        request.Advance(Encoding.UTF8.GetBytes(value, request.Room(length)));
        request.Append("\r\n"u8);
    }

    /// <summary>Adds a number in decimal digits.</summary>
    public void Arg(long value)
    {
        Span<byte> digits = stackalloc byte[MaxNumber];
        value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        Arg(digits[..length]);
    }

    /// <summary>Adds a number in the shortest form that reads back the same.</summary>
    public void Arg(double value)
    {
        Span<byte> digits = stackalloc byte[MaxNumber];
        value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        Arg(digits[..length]);
    }

    /// <summary>Gives the call back.</summary>
    public void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        Release();
    }

    RedisOutcome IValueTaskSource<RedisOutcome>.GetResult(short token) => outcome.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<RedisOutcome>.GetStatus(short token) => outcome.GetStatus(token);

    void IValueTaskSource<RedisOutcome>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        outcome.OnCompleted(continuation, state, token, flags);

    /// <summary>Becomes its renter's.</summary>
    internal void Take()
    {
        holders = 1;
        isDisposed = false;
    }

    /// <summary>Refuses what would leave the connection out of step.</summary>
    /// <exception cref="InvalidOperationException">Arguments are missing, or it was sent before.</exception>
    internal void CheckComplete()
    {
        if (request.Length == 0 || missing != 0) throw new InvalidOperationException("The call has fewer arguments than it announced.");
        if (Number != 0) throw new InvalidOperationException("A call is sent once.");
    }

    /// <summary>A connection takes it. The task may be awaited once.</summary>
    /// <param name="deadline">The timestamp at which it times out.</param>
    /// <param name="goesOn">Whether its reply lets the sender go on where the reply is read.</param>
    internal void Await(long deadline, bool goesOn = false)
    {
        Deadline = deadline;
        this.goesOn = goesOn;
        IsPending = true;
        Interlocked.Increment(ref holders);
    }

    /// <summary>What its sender awaits.</summary>
    internal ValueTask<RedisOutcome> AsTask() => new(this, outcome.Version);

    /// <summary>Waits again: its reply asked for a second sending.</summary>
    internal void AwaitAgain()
    {
        WasResent = true;
        IsPending = true;
    }

    /// <summary>No longer waits; the one who calls this ends it with <see cref="End"/> or lets it wait again.</summary>
    internal void Claim() => IsPending = false;

    /// <summary>Keeps a copy of the reply.</summary>
    internal void Keep(ReadOnlySpan<byte> bytes) => reply.Append(bytes);

    /// <summary>Tells the sender, whose continuation runs on the thread pool: whoever calls this may hold a lock.</summary>
    internal void End(RedisOutcome how)
    {
        IsPending = false;
        outcome.RunContinuationsAsynchronously = true;
        outcome.SetResult(how);
    }

    /// <summary>Tells the sender of its reply; it goes on at once where it asked for that.</summary>
    internal void EndWithReply(RedisOutcome how)
    {
        IsPending = false;
        outcome.RunContinuationsAsynchronously = !goesOn;
        outcome.SetResult(how);
    }

    /// <summary>A holder lets go; the last one returns it to the pool.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref holders) == 0) pool.Return(this);
    }

    /// <summary>Forgets everything, for the next renter.</summary>
    internal void Clear()
    {
        request.Clear(MaxKept);
        reply.Clear(MaxKept);
        outcome.Reset();
        missing = keyStart = keyLength = 0;
        Number = 0;
        NamesScript = WasResent = IsPending = false;
    }

    /// <summary>Gives its memory back; it is not used again.</summary>
    internal void Drop()
    {
        request.Drop();
        reply.Drop();
    }

    private void StartArgument(int length)
    {
        if (missing == 0) throw new InvalidOperationException("The call has more arguments than it announced.");
        missing--;
        WriteHeader((byte)'$', length);
        if (argumentsUntilKey-- != 0) return;
        keyStart = request.Length;
        keyLength = length;
    }

    private void WriteHeader(byte mark, int number)
    {
        var room = request.Room(MaxHeader);
        room[0] = mark;
        Utf8Formatter.TryFormat(number, room[1..], out var digits);
        "\r\n"u8.CopyTo(room[(digits + 1)..]);
        request.Advance(digits + 3);
    }
}
