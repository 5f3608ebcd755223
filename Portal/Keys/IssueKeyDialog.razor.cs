using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Keys;

/// <summary>Asks what a new key is for, issues it and shows its secret once.</summary>
public sealed partial class IssueKeyDialog
{
    private const long BytesPerMib = 1024 * 1024;

    private static readonly IReadOnlyList<Expiry> Expiries = [new("Never", 0), new("In 30 days", 30), new("In 90 days", 90), new("In a year", 365)];

    private static readonly Dictionary<string, string> Labels = new(MoreKeyFields.Labels, StringComparer.Ordinal)
    {
        ["name"] = "Name", ["team_id"] = "Team", ["allowed_models"] = "Models", ["allowed_regions"] = "Regions", ["default_model"] = "Default model", ["feature"] = "Feature",
        ["expires_at"] = "Expires", ["max_body_bytes"] = "Largest JSON body", ["max_multipart_bytes"] = "Largest upload",
    };

    // Fields behind "More": one that is at fault opens it.
    private static readonly string[] Behind =
        ["allowed_regions", "default_model", "feature", "expires_at", "priority", "hold_policy", "guardrail_level", "approval_threshold_usd", "approval_threshold", "approval_action", "approval_model", "max_body_bytes", "max_multipart_bytes"];

    private readonly FormFaults faults = new();
    private readonly MoreKeyFields fields = new();
    private IssuedKey? issued;
    private bool busy, more;
    private string name = "", patterns = "", regions = "", feature = "";
    private string? defaultModel;
    private Guid? teamId;
    private IEnumerable<string> models = [];
    private int days;
    private int? bodyMib, multipartMib;

    /// <summary>Teams to choose from.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<TeamChoice> Teams { get; set; } = [];

    /// <summary>Logical models to choose from.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<string> Models { get; set; } = [];

    /// <summary>The team chosen at first; null = the only one, or none.</summary>
    [Parameter] public Guid? PreferredTeam { get; set; }

    [CascadingParameter] private TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    [Inject] private IssueKey Issue { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    private TeamChoice? Team => Teams.FirstOrDefault(t => t.Id == teamId);

    private IReadOnlyList<string> Offered => Team?.Usable(Models) ?? Models;

    private IReadOnlyList<string> Allowed =>
        [.. models.Concat(patterns.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct(StringComparer.Ordinal)];

    private DateTimeOffset? ExpiresAt => days > 0 ? Clock.GetUtcNow().AddDays(days) : null;

    private string Summary
    {
        get
        {
            var which = Allowed.Count switch
            {
                0 when Team is { AllowedModels.Count: > 0 } team => string.Join(", ", team.AllowedModels),
                0 => "every model",
                _ => string.Join(", ", Allowed),
            };
            var until = ExpiresAt is { } end ? $" until {Moment.Date(end, Zone)}" : "";
            return $"The key will be able to use {which}{until}, paid by {Team?.Name}.";
        }
    }

    /// <inheritdoc />
    protected override void OnInitialized() => teamId = PreferredTeam ?? (Teams is [var only] ? only.Id : null);

    private void CheckName() => faults.Set("name", string.IsNullOrWhiteSpace(name) ? "Name is required." : null);

    private async Task IssueAsync()
    {
        if (busy) return;
        busy = true;
        try
        {
            var request = fields.With(new IssueKeyRequest
            {
                Name = name, TeamId = teamId, AllowedModels = Allowed, AllowedRegions = regions.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                DefaultModel = defaultModel, Feature = feature, ExpiresAt = ExpiresAt,
                MaxBodyBytes = bodyMib * BytesPerMib, MaxMultipartBytes = multipartMib * BytesPerMib,
            });
            var result = await Commands.RunAsync(actor => Issue.RunAsync(actor, request, CancellationToken.None));
            if (result.Failure is { } failure)
            {
                faults.Take(failure, Labels);
                more |= Array.Exists(Behind, f => faults.Of(f) is not null);
            }
            else issued = result.Value;
        }
        finally
        {
            busy = false;
        }
    }

    private sealed record Expiry(string Text, int Days);
}
