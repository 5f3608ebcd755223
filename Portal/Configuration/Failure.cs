namespace AspireGateway.Portal.Configuration;

/// <summary>Why a command or query did not happen. The list is closed: nothing else derives from it.</summary>
public abstract record Failure
{
    private Failure(string message) => Message = message;

    /// <summary>One sentence of fact and, where there is one, one of advice; fit to be shown.</summary>
    public string Message { get; }

    /// <summary>There is no such thing, or it is not the caller's to see.</summary>
    /// <param name="What">The kind of thing in words, e.g. "key".</param>
    public sealed record NotFound(string What) : Failure($"There is no such {What}.");

    /// <summary>The caller may see it but not do this.</summary>
    /// <param name="Why">Which role may, in one sentence.</param>
    public sealed record Forbidden(string Why) : Failure(Why);

    /// <summary>Fields are wrong; all of them are named.</summary>
    /// <param name="Faults">The faults, at least one.</param>
    public sealed record Invalid(IReadOnlyList<Fault> Faults) : Failure(string.Join(' ', Faults.Select(f => f.Message)));

    /// <summary>It contradicts something that is there.</summary>
    /// <param name="Why">What contradicts, in one sentence.</param>
    /// <param name="Field">The field that does, where there is one.</param>
    public sealed record Conflict(string Why, string? Field = null) : Failure(Why);

    /// <summary>A store that it needs is away; the same may work later.</summary>
    /// <param name="Why">Which one and what to do, in one or two sentences.</param>
    public sealed record Unavailable(string Why) : Failure(Why);
}

/// <summary>What is wrong with one field.</summary>
/// <param name="Field">Its name as in the JSON body.</param>
/// <param name="Message">One sentence that says what it must be.</param>
public sealed record Fault(string Field, string Message);
