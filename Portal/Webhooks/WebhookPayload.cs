using System.Text.Json.Serialization;

namespace AspireGateway.Portal.Webhooks;

/// <summary>What is posted, in the form that the Standard Webhooks specification recommends.</summary>
/// <typeparam name="T">The event.</typeparam>
/// <param name="Type">The event's type.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Data">The event.</param>
internal sealed record WebhookPayload<T>(string Type, DateTimeOffset Timestamp, T Data);

/// <summary>A budget passed a threshold.</summary>
internal sealed record BudgetThresholdData
{
    /// <summary>The event; the same to every webhook.</summary>
    public required Guid Id { get; init; }

    /// <summary>Slug of the organisation.</summary>
    public required string Organization { get; init; }

    /// <summary>The budget.</summary>
    public required Guid BudgetId { get; init; }

    /// <summary>Kind of its scope.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Whose share passed it; null = the one there is.</summary>
    public string? ScopeId { get; init; }

    /// <summary>The scope's name for people.</summary>
    public string? ScopeName { get; init; }

    /// <summary>The budget's window.</summary>
    public required string Period { get; init; }

    /// <summary>Start of the window.</summary>
    public required DateTimeOffset WindowStart { get; init; }

    /// <summary>Percent of the cap.</summary>
    public required int Threshold { get; init; }

    /// <summary>What was settled then, in dollars.</summary>
    public required string SettledUsd { get; init; }

    /// <summary>The cap then, in dollars.</summary>
    public required string CapUsd { get; init; }

    /// <summary>What happens when it is used up.</summary>
    public required string OnExceeded { get; init; }
}

/// <summary>A costly request waits for an approval.</summary>
internal sealed record ApprovalRequestedData
{
    /// <summary>The ticket.</summary>
    public required Guid Id { get; init; }

    /// <summary>Slug of the organisation.</summary>
    public required string Organization { get; init; }

    /// <summary>The key's team.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>Its name.</summary>
    public required string TeamName { get; init; }

    /// <summary>The key.</summary>
    public required Guid KeyId { get; init; }

    /// <summary>Its name.</summary>
    public required string KeyName { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The end user.</summary>
    public string? UserId { get; init; }

    /// <summary>The feature.</summary>
    public string? Feature { get; init; }

    /// <summary>What it would probably cost, in dollars.</summary>
    public required string ExpectedUsd { get; init; }

    /// <summary>What it could cost at most, in dollars.</summary>
    public required string WorstCaseUsd { get; init; }

    /// <summary>The threshold that it went beyond, in dollars.</summary>
    public required string ThresholdUsd { get; init; }
}

/// <summary>A try.</summary>
internal sealed record WebhookTestData
{
    /// <summary>The webhook's name.</summary>
    public required string Webhook { get; init; }

    /// <summary>Who tries it.</summary>
    public required string SentBy { get; init; }
}

/// <summary>JSON of what is posted.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WebhookPayload<BudgetThresholdData>))]
[JsonSerializable(typeof(WebhookPayload<ApprovalRequestedData>))]
[JsonSerializable(typeof(WebhookPayload<WebhookTestData>))]
internal sealed partial class WebhookJson : JsonSerializerContext;
