using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Guardrails;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Guardrails;
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
    private const string Between = "between", LocalTime = "yyyy-MM-dd'T'HH:mm";

    private static readonly IReadOnlyList<Choice> Spans = [new("Last hour", "1h"), new("Last 24 hours", "24h"), new("Last 7 days", "7d"), new("Last 31 days", "31d"), new("Between two times", Between)];
    private static readonly IReadOnlyList<Dearness> Dear = [new("Over 1 cent", 0.01m), new("Over 10 cents", 0.1m), new("Over $1", 1m), new("Over $10", 10m)];
    private static readonly IReadOnlyList<Choice> Statuses = [.. Endings.All.Select(e => new Choice(e.Words, e.Status))];
    private static readonly IReadOnlyList<Choice> Guards = [.. GuardrailNames.All.Select(name => new Choice(GuardrailWords.Title(name), name))];
    private static readonly IReadOnlyList<Slowness> Slow = [new("Over 1 s", 1000), new("Over 5 s", 5000), new("Over 30 s", 30_000)];

    private bool more;

    /// <summary>Only this request id.</summary>
    [SupplyParameterFromQuery(Name = "request")] public string? RequestId { get; set; }

    /// <summary>How far back: 1h, 24h, 7d or 31d; or <c>between</c>.</summary>
    [SupplyParameterFromQuery(Name = "range")] public string? Range { get; set; }

    /// <summary>Only this model.</summary>
    [SupplyParameterFromQuery(Name = "model")] public string? Model { get; set; }

    /// <summary>Only this team.</summary>
    [SupplyParameterFromQuery(Name = "team")] public Guid? TeamId { get; set; }

    /// <summary>Only this key: its id, or the name of one that works.</summary>
    [SupplyParameterFromQuery(Name = "key")] public string? Key { get; set; }

    /// <summary>Only this feature.</summary>
    [SupplyParameterFromQuery(Name = "feature")] public string? Feature { get; set; }

    /// <summary>Only this end user.</summary>
    [SupplyParameterFromQuery(Name = "user")] public string? User { get; set; }

    /// <summary>Only this agent.</summary>
    [SupplyParameterFromQuery(Name = "agent")] public string? Agent { get; set; }

    /// <summary>Only this deployment.</summary>
    [SupplyParameterFromQuery(Name = "deployment")] public string? Deployment { get; set; }

    /// <summary>With <c>between</c>: the start in the organisation's zone, as <c>2026-11-21T09:30</c>.</summary>
    [SupplyParameterFromQuery(Name = "from")] public string? From { get; set; }

    /// <summary>With <c>between</c>: the end, likewise.</summary>
    [SupplyParameterFromQuery(Name = "to")] public string? To { get; set; }

    /// <summary>Only those that cost at least so many dollars.</summary>
    [SupplyParameterFromQuery(Name = "cost")] public decimal? CostAtLeast { get; set; }

    /// <summary>Only this provider.</summary>
    [SupplyParameterFromQuery(Name = "provider")] public string? Provider { get; set; }

    /// <summary>Only this day of the organisation's calendar, as <c>2026-11-21</c>; instead of a range.</summary>
    [SupplyParameterFromQuery(Name = "day")] public string? Day { get; set; }

    /// <summary>Only this ending.</summary>
    [SupplyParameterFromQuery(Name = "status")] public string? Status { get; set; }

    /// <summary>Only those that took at least so many milliseconds.</summary>
    [SupplyParameterFromQuery(Name = "slower")] public long? SlowerThan { get; set; }

    /// <summary>Only those in which this guardrail found something.</summary>
    [SupplyParameterFromQuery(Name = "guardrail")] public string? Guardrail { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [CascadingParameter] private TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    [Inject] private RequestsQuery Query { get; set; } = null!;

    [Inject] private KeysQuery Keys { get; set; } = null!;

    [Inject] private KeyChoicesQuery Choices { get; set; } = null!;

    [Inject] private PublicAddress Address { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    private Choice Span => Spans.FirstOrDefault(s => string.Equals(s.Value, Range, StringComparison.Ordinal)) ?? Spans[1];

    private string KeyName => State.Data?.Page.Items is [var first, ..] ? first.KeyName ?? "deleted" : Guid.TryParse(Key, out _) ? "" : Key ?? "";

    private bool IsBetween => Span.Value == Between;

    // Behind "More filters"; one that is set shows them.
    private bool HasMore => CostAtLeast is not null || new[] { Feature, User, Agent, Deployment, Key, Guardrail }.Any(v => !string.IsNullOrEmpty(v));

    private bool IsFiltered => !string.IsNullOrEmpty(RequestId) || !string.IsNullOrEmpty(Range) || !string.IsNullOrEmpty(Model) || TeamId is not null
        || HasMore || Chips.Any() || !string.IsNullOrEmpty(Status) || SlowerThan is not null;

    // Filters that other pages set and that have no field: each is shown and can be taken away.
    private IEnumerable<(string Name, string Value)> Chips => new (string Name, string? Value)[]
    {
        ("provider", Provider), ("day", Day),
    }.Where(c => !string.IsNullOrEmpty(c.Value)).Select(c => (c.Name, c.Value!));

    /// <inheritdoc />
    protected override async Task<Result<RequestsPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        var (from, to) = DateOnly.TryParseExact(Day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? (BudgetWindow.StartOf(day, Zone), BudgetWindow.StartOf(day.AddDays(1), Zone))
            : IsBetween ? (LocalMoment(From) ?? now.AddDays(-1), LocalMoment(To) ?? now) : (now - Length(Span.Value), now);
        var page = await Query.RunAsync(actor, new()
        {
            From = from, To = to, RequestId = RequestId, Model = Model, TeamId = TeamId, KeyId = await KeyIdAsync(actor, cancellationToken), Feature = Feature, UserId = User, Agent = Agent, Guardrail = Guardrail, Provider = Provider, Deployment = Deployment,
            Status = Status, MinLatencyMs = SlowerThan, MinCostNanoUsd = CostAtLeast is > 0 and < 9_000_000 ? (long)(CostAtLeast.Value * Money.NanosPerDollar) : null, After = After,
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

    // What is named and not found matches nothing, like every other filter.
    private async Task<Guid?> KeyIdAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Key)) return null;
        if (Guid.TryParse(Key, out var id)) return id;
        var named = await Keys.RunAsync(actor, new() { Search = Key }, cancellationToken);
        return named.Failure is null ? named.Value.Items.FirstOrDefault(k => string.Equals(k.Name, Key.Trim(), StringComparison.OrdinalIgnoreCase))?.Id ?? Guid.Empty : Guid.Empty;
    }

    // An hour that summer time leaves out is the one after it.
    private DateTimeOffset? LocalMoment(string? text)
    {
        if (!DateTime.TryParseExact(text, LocalTime, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) return null;
        while (Zone.IsInvalidTime(local)) local = local.AddMinutes(30);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private string Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone).ToString(LocalTime, CultureInfo.InvariantCulture);

    private void Spanned(string? span) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["range"] = span, ["after"] = null, ["day"] = null,
        ["from"] = span == Between ? Local(Clock.GetUtcNow() - Length(Span.Value)) : null, ["to"] = span == Between ? Local(Clock.GetUtcNow()) : null,
    }));

    private sealed record Dearness(string Text, decimal? Dollars);

    private sealed record Choice(string Text, string Value);

    private sealed record Slowness(string Text, long? Milliseconds);
}
