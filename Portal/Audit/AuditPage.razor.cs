using AspireGateway.Portal.Audit.Chain;
using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Audit;

/// <summary>What the audit's page shows.</summary>
/// <param name="Page">The changes.</param>
/// <param name="Names">Names of the ids in them.</param>
/// <param name="MayExport">Whether the visitor may take them away.</param>
/// <param name="IsOwn">Whether the visitor sees their own changes alone.</param>
/// <param name="MayVerify">Whether the visitor sees the whole audit, so that its chain can be verified.</param>
public sealed record AuditPageData(Page<AuditRow> Page, IReadOnlyDictionary<Guid, string> Names, bool MayExport, bool IsOwn, bool MayVerify);

/// <summary>Lists changes of configuration.</summary>
public sealed partial class AuditPage
{
    private static readonly IReadOnlyList<Choice> Spans = [new("Last 24 hours", "24h"), new("Last 7 days", "7d"), new("Last 31 days", "31d"), new("Last 365 days", "365d")];

    private static readonly IReadOnlyList<Choice> Actions =
    [
        new("Created", ".create"), new("Changed", ".update"), new("Deleted", ".delete"), new("Issued", ".issue"), new("Rotated", ".rotate"), new("Revoked", ".revoke"), new("Archived", ".archive"),
        new("Raised", ".raise"), new("Assigned", ".assign"), new("Price set", ".set"), new("Imported", ".import"), new("Purged", ".purge"), new("Text read", ".reveal"), new("Texts searched", ".search"), new("Texts exported", ".export"), new("Texts erased", ".erase"),
    ];

    private static readonly IReadOnlyList<Choice> Kinds =
    [
        .. ((string[])[
            ConfigurationKinds.Organisation, ConfigurationKinds.Team, ConfigurationKinds.VirtualKey, ConfigurationKinds.Provider, ConfigurationKinds.Credential, ConfigurationKinds.Deployment,
            ConfigurationKinds.Price, ConfigurationKinds.PriceBook, ConfigurationKinds.Model, ConfigurationKinds.Rule, ConfigurationKinds.Task, ConfigurationKinds.Pin, ConfigurationKinds.Canary,
            ConfigurationKinds.Limit, ConfigurationKinds.Budget, ConfigurationKinds.Tier, ConfigurationKinds.KillSwitch, ConfigurationKinds.KeyBrake, ConfigurationKinds.AnomalyPolicy, ConfigurationKinds.Approval, ConfigurationKinds.Residency, ConfigurationKinds.Guardrail, ConfigurationKinds.Quarantine, ConfigurationKinds.Cache, ConfigurationKinds.Content, ConfigurationKinds.GuardrailCheck,
            ConfigurationKinds.Quality, ConfigurationKinds.BenchmarkSet, ConfigurationKinds.BenchmarkRun, ConfigurationKinds.Feature, ConfigurationKinds.User, ConfigurationKinds.Webhook])
            .Select(k => new Choice(AuditWords.Kind(k), k)),
    ];

    /// <summary>Only things whose name begins so, or of this id.</summary>
    [SupplyParameterFromQuery(Name = "q")] public string? Target { get; set; }

    /// <summary>Only changes by actors whose name begins so.</summary>
    [SupplyParameterFromQuery(Name = "who")] public string? Who { get; set; }

    /// <summary>Only this kind of thing.</summary>
    [SupplyParameterFromQuery(Name = "kind")] public string? Kind { get; set; }

    /// <summary>Only this action, as the API takes it.</summary>
    [SupplyParameterFromQuery(Name = "action")] public string? ActionName { get; set; }

    /// <summary>How far back: 24h, 7d, 31d or 365d; missing = to the beginning.</summary>
    [SupplyParameterFromQuery(Name = "range")] public string? Range { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private AuditQuery Query { get; set; } = null!;

    [Inject] private VerifyAudit Verify { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    [Inject] private AuditNames Names { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    private AuditVerification? verification;
    private bool verifying;

    // An action that came with the address is offered too, so that the filter shows what it does.
    private IReadOnlyList<Choice> ActionsOffered =>
        string.IsNullOrEmpty(ActionName) || Actions.Any(a => a.Value == ActionName) ? Actions : [.. Actions, new(ActionName, ActionName)];

    private string Purpose => State.Data is { IsOwn: true }
        ? "What you changed, from where, and what stood before. Most of it can be undone."
        : "Every change of the configuration: who made it, from where, and what stood before. Most can be undone.";

    private DateTimeOffset? From => Range switch
    {
        "24h" => Clock.GetUtcNow().AddDays(-1),
        "7d" => Clock.GetUtcNow().AddDays(-7),
        "31d" => Clock.GetUtcNow().AddDays(-31),
        "365d" => Clock.GetUtcNow().AddDays(-365),
        _ => null,
    };

    private bool IsFiltered => !string.IsNullOrEmpty(Target) || !string.IsNullOrEmpty(Who) || !string.IsNullOrEmpty(Kind) || !string.IsNullOrEmpty(ActionName) || !string.IsNullOrEmpty(Range);

    /// <inheritdoc />
    protected override async Task<Result<AuditPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, new() { From = From, Target = Target, Actor = Who, TargetKind = Kind, Action = ActionName, After = After }, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        var names = await Names.OfAsync(actor, page.Value.Items, cancellationToken);
        return new AuditPageData(page.Value, names, Permissions.Refuse(actor, Permission.ExportAudit) is null, Permissions.Of(actor, Permission.ReadAudit) == Reach.Own, Permissions.Of(actor, Permission.ReadAudit) == Reach.Organisation);
    }

    private async Task VerifyAsync()
    {
        (verifying, verification) = (true, null);
        StateHasChanged();
        try
        {
            var result = await Commands.RunAsync(actor => Verify.RunAsync(actor, PageLeft), PageLeft);
            if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was verified", failure.Message, 8000);
            else verification = result.Value;
        }
        finally
        {
            verifying = false;
        }
    }

    private string ExportLink(string format) => "audit/export" + QueryString.Create(new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["format"] = format, ["target"] = Target, ["actor"] = Who, ["target_kind"] = Kind, ["action"] = ActionName, ["from"] = From?.UtcDateTime.ToString("O"),
    }.Where(q => !string.IsNullOrEmpty(q.Value)));

    private void Filter(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = string.IsNullOrWhiteSpace(value) ? null : value.Trim(), ["after"] = null }));

    private sealed record Choice(string Text, string Value);
}
