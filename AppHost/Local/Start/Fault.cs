namespace AspireGateway.AppHost.Local.Start;

/// <summary>
/// An expected failure of the start: one line that says what is wrong and what to do about it.
/// </summary>
/// <param name="Message">The line, complete and free of stack traces.</param>
internal sealed record Fault(string Message);

/// <summary>Either a value or the fault that stands in its place.</summary>
/// <typeparam name="T">The value's type.</typeparam>
internal readonly struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Fault? fault)
    {
        _value = value;
        Fault = fault;
    }

    /// <summary>Why there is no value; null when there is one.</summary>
    public Fault? Fault { get; }

    /// <summary>The value; only to be read when <see cref="Fault"/> is null.</summary>
    public T Value => Fault is null ? _value! : throw new InvalidOperationException(Fault.Message);

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Fault fault) => new(default, fault);
}
