namespace AspireGateway.Portal.Configuration;

/// <summary>What a command or query gives back: a value, or one failure of a closed list.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly struct Result<T>
{
    private readonly T? value;

    private Result(T? value, Failure? failure)
    {
        this.value = value;
        Failure = failure;
    }

    /// <summary>Why it did not happen; null = it did.</summary>
    public Failure? Failure { get; }

    /// <summary>Whether there is a value.</summary>
    public bool Succeeded => Failure is null;

    /// <summary>The value of a success.</summary>
    /// <exception cref="InvalidOperationException">It failed: look at <see cref="Failure"/> first.</exception>
    public T Value => Failure is null ? value! : throw new InvalidOperationException($"There is no value: {Failure.Message}");

    /// <summary>A success.</summary>
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>A failure.</summary>
    public static implicit operator Result<T>(Failure failure) => new(default, failure);
}

/// <summary>The value of a command that has nothing to say but that it was done.</summary>
public readonly record struct Done;
