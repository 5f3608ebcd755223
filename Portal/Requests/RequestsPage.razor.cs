using System.Globalization;
using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.AspNetCore.Components;

namespace AspireGateway.Portal.Requests;

/// <summary>What the log's page shows.</summary>
/// <param name="Page">The requests.</param>
/// <param name="Teams">Teams to filter by.</param>
/// <param name="Models">Models to filter by.</param>
public sealed record RequestsPageData(Page<RequestRow> Page, IReadOnlyList<TeamChoice> Teams, IReadOnlyList<string> Models);

/// <summary>The request log.</summary>
public sealed partial class RequestsPage
{
    private static readonly IReadOnlyList<Choice> Spans = [new("Last hour", "1h"), new("Last 24 hours", "24h"), new("Last 7 days", "7d"), new("Last 31 days", "31d")];
    private static readonly IReadOnlyList<Choice> Statuses = [.. Endings.All.Select(e => new Choice(e.Words, e.Status))];
    private static readonly IReadOnlyList<Slowness> Slow = [new("Over 1 s", 1000), new("Over 5 s", 5000), new("Over 30 s", 30_000)];

    /// <summary>Only this request id.</summary>
    [SupplyParameterFromQuery(Name = "request")] public string? RequestId { get; set; }

    /// <summary>How far back: 1h, 24h, 7d or 31d.</summary>
    [SupplyParameterFromQuery(Name = "range")] public string? Range { get; set; }

    /// <summary>Only this model.</summary>
    [SupplyParameterFromQuery(Name = "model")] public string? Model { get; set; }

    /// <summary>Only this team.</summary>
    [SupplyParameterFromQuery(Name = "team")] public Guid? TeamId { get; set; }

    /// <summary>Only this key.</summary>
    [SupplyParameterFromQuery(Name = "key")] public Guid? KeyId { get; set; }

    /// <summary>Only this feature.</summary>
    [SupplyParameterFromQuery(Name = "feature")] public string? Feature { get; set; }

    /// <summary>Only this end user.</summary>
    [SupplyParameterFromQuery(Name = "user")] public string? User { get; set; }

    /// <summary>Only this agent.</summary>
    [SupplyParameterFromQuery(Name = "agent")] public string? Agent { get; set; }

    /// <summary>Only this provider.</summary>
    [SupplyParameterFromQuery(Name = "provider")] public string? Provider { get; set; }

    /// <summary>Only this day of the organisation's calendar, as <c>2026-11-21</c>; instead of a range.</summary>
    [SupplyParameterFromQuery(Name = "day")] public string? Day { get; set; }

    /// <summary>Only this ending.</summary>
    [SupplyParameterFromQuery(Name = "status")] public string? Status { get; set; }

    /// <summary>Only those that took at least so many milliseconds.</summary>
    [SupplyParameterFromQuery(Name = "slower")] public long? SlowerThan { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [CascadingParameter] private TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    [Inject] private RequestsQuery Query { get; set; } = null!;

    [Inject] private KeyChoicesQuery Choices { get; set; } = null!;

    [Inject] private PublicAddress Address { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    private Choice Span => Spans.FirstOrDefault(s => string.Equals(s.Value, Range, StringComparison.Ordinal)) ?? Spans[1];

    private string KeyName => State.Data?.Page.Items is [var first, ..] ? first.KeyName ?? "deleted" : "";

    private bool IsFiltered => !string.IsNullOrEmpty(RequestId) || !string.IsNullOrEmpty(Range) || !string.IsNullOrEmpty(Model) || TeamId is not null
        || KeyId is not null || Chips.Any() || !string.IsNullOrEmpty(Status) || SlowerThan is not null;

    // Filters that other pages set: each is shown and can be taken away.
    private IEnumerable<(string Name, string Value)> Chips => new (string Name, string? Value)[]
    {
        ("feature", Feature), ("user", User), ("agent", Agent), ("provider", Provider), ("day", Day),
    }.Where(c => !string.IsNullOrEmpty(c.Value)).Select(c => (c.Name, c.Value!));

    /// <inheritdoc />
    protected override async Task<Result<RequestsPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        var (from, to) = DateOnly.TryParseExact(Day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? (BudgetWindow.StartOf(day, Zone), BudgetWindow.StartOf(day.AddDays(1), Zone))
            : (now - Length(Span.Value), now);
        var page = await Query.RunAsync(actor, new()
        {
            From = from, To = to, RequestId = RequestId, Model = Model, TeamId = TeamId, KeyId = KeyId, Feature = Feature, UserId = User, Agent = Agent, Provider = Provider,
            Status = Status, MinLatencyMs = SlowerThan, After = After,
        }, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        var choices = await Choices.RunAsync(actor, cancellationToken);
        return choices.Failure is { } failure ? failure : new RequestsPageData(page.Value, choices.Value.Teams, choices.Value.Models);
    }

    private static TimeSpan Length(string span) => span switch
    {
        "1h" => TimeSpan.FromHours(1),
        "7d" => TimeSpan.FromDays(7),
        "31d" => TimeSpan.FromDays(31),
        _ => TimeSpan.FromDays(1),
    };

    // Every filter is in the address; a change of one begins at the first page again.
    private void Filter(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = string.IsNullOrWhiteSpace(value) ? null : value.Trim(), ["after"] = null }));

    private sealed record Choice(string Text, string Value);

    private sealed record Slowness(string Text, long? Milliseconds);
}
