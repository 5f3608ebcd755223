namespace AspireGateway.Portal.Webhooks;

/// <summary>A webhook's values. Its secret is made here and never taken from outside.</summary>
public sealed record WebhookRequest
{
    /// <summary>Name that people read, 1 to 100 characters; unique in the organisation.</summary>
    public string? Name { get; init; }

    /// <summary><c>generic</c> (signed JSON), <c>slack</c>, <c>teams</c> or <c>email</c>; missing = generic, and of one that exists: as it is. It cannot be changed.</summary>
    public string? Kind { get; init; }

    /// <summary>Where events are posted; for mail <c>mailto:</c> and recipients with commas; https, and a public address unless the installation allows private ones.</summary>
    public string? Url { get; init; }

    /// <summary>Which events, e.g. <c>budget.threshold</c>; missing or empty = all.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Whether it is told; missing = true.</summary>
    public bool? IsEnabled { get; init; }
}
