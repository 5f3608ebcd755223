using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Guardrails.Checks;
using AspireGateway.Portal.Guardrails.Found;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Guardrails;

/// <summary>What the guardrails page shows.</summary>
/// <param name="Page">The policies; null = the view of what was found.</param>
/// <param name="Found">What was found; null = the view of policies.</param>
/// <param name="Choices">What a policy can be set on.</param>
/// <param name="MayChange">Whether the visitor may change policies.</param>
/// <param name="MaySeeRequests">Whether the visitor may open the request log.</param>
/// <param name="Checks">The checks outside of the gateway; null = another view.</param>
public sealed record GuardrailsPageData(Page<GuardrailRow>? Page, FoundReport? Found, ScopeChoices Choices, bool MayChange, bool MaySeeRequests, Page<GuardrailCheckDetails>? Checks = null);

/// <summary>Lists guardrail policies, sets and deletes them, and shows what guardrails found.</summary>
public sealed partial class GuardrailsPage
{
    /// <summary><c>found</c> = what was found, <c>checks</c> = checks outside of the gateway; missing = the policies.</summary>
    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    /// <summary>Of what was found: <c>7d</c>; missing = the last 24 hours.</summary>
    [SupplyParameterFromQuery(Name = "range")] public string? Range { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private GuardrailsQuery Query { get; set; } = null!;

    [Inject] private FoundQuery Found { get; set; } = null!;

    [Inject] private ScopeChoicesQuery Choices { get; set; } = null!;

    [Inject] private DeleteGuardrails Delete { get; set; } = null!;

    [Inject] private GuardrailChecksQuery Checks { get; set; } = null!;

    [Inject] private DeleteGuardrailCheck DeleteCheck { get; set; } = null!;

    [Inject] private TestGuardrailCheck TestCheck { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    private Guid? testing;

    private bool IsFound => View == "found";

    private bool IsChecks => View == "checks";

    private bool IsWeek => Range == "7d";

    /// <inheritdoc />
    protected override async Task<Result<GuardrailsPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var (mayChange, maySee) = (Permissions.Refuse(actor, Permission.ManageGuardrails) is null, Permissions.Refuse(actor, Permission.SeeCosts) is null);
        if (IsFound)
        {
            var found = await Found.RunAsync(actor, Clock.GetUtcNow() - TimeSpan.FromDays(IsWeek ? 7 : 1), null, cancellationToken);
            return found.Failure is { } unseen ? unseen : new GuardrailsPageData(null, found.Value, new([], [], [], [], false), mayChange, maySee);
        }
        if (IsChecks)
        {
            var checks = await Checks.RunAsync(actor, After, null, cancellationToken);
            return checks.Failure is { } unseen ? unseen : new GuardrailsPageData(null, null, new([], [], [], [], false), mayChange, maySee, checks.Value);
        }
        var page = await Query.RunAsync(actor, After, null, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        return new GuardrailsPageData(page.Value, null, await Choices.RunAsync(actor, Permission.ManageGuardrails, cancellationToken), mayChange, maySee);
    }

    private static bool IsEmpty(GuardrailsPageData data) => data.Found is { } found ? found.Requests == 0 : (data.Checks?.Items.Count ?? data.Page!.Items.Count) == 0;

    private async Task EditCheckAsync(GuardrailCheckDetails? check)
    {
        if (await Dialogs.OpenFormAsync<GuardrailCheckDialog>(check is null ? "Add check" : $"Check {check.Name}", new(StringComparer.Ordinal) { [nameof(GuardrailCheckDialog.Check)] = check }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Check set", "Policies that name it ask it so within a second.", 4000);
        await ReloadAsync();
    }

    private async Task TestCheckAsync(GuardrailCheckDetails check)
    {
        testing = check.Id;
        var result = await Commands.RunAsync(actor => TestCheck.RunAsync(actor, check.Id, PageLeft), PageLeft);
        testing = null;
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was sent", failure.Message, 8000);
        else if (result.Value is { IsWorking: true } trial)
            Notices.Notify(trial.Types.Count == 0 ? NotificationSeverity.Success : NotificationSeverity.Warning, $"{check.Name} answers", $"{trial.Verdict} It took {trial.DurationMs} ms.", 8000);
        else Notices.Notify(NotificationSeverity.Error, $"{check.Name} says nothing", $"{result.Value.Error} It took {result.Value.DurationMs} ms.", 10000);
    }

    private async Task DeleteCheckAsync(GuardrailCheckDetails check)
    {
        if (!await Dialogs.ConfirmAsync($"Delete check {check.Name}", "The audit can put it back, but not its secret. A check that a policy names cannot be deleted.", null, "Delete check")) return;
        var result = await Commands.RunAsync(actor => DeleteCheck.RunAsync(actor, check.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, "Check deleted", duration: 4000);
        await ReloadAsync();
    }

    private async Task EditAsync(GuardrailRow? policy)
    {
        if (State.Data is not { } data) return;
        var title = policy is null ? "Set policy" : $"Guardrails of {GuardrailWords.Whose(policy)}";
        if (await Dialogs.OpenFormAsync<GuardrailDialog>(title, new(StringComparer.Ordinal) { [nameof(GuardrailDialog.Policy)] = policy, [nameof(GuardrailDialog.Choices)] = data.Choices }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Policy set", "Gateways hold to it within a second.", 4000);
        await ReloadAsync();
    }

    private async Task DeleteAsync(GuardrailRow policy)
    {
        var whose = GuardrailWords.Whose(policy);
        var then = policy.ScopeKind switch
        {
            GuardrailScopes.Organisation => "Within a second nothing is looked for in requests any more, unless their team, key or model has a policy.",
            GuardrailScopes.Model => "Within a second its requests are looked at as those of other models.",
            _ => "Within a second the next wider policy decides; where there is none, nothing is looked for.",
        };
        if (!await Dialogs.ConfirmAsync($"Delete guardrails of {whose}", $"{then} The audit can put the policy back as it was.", null, "Delete policy")) return;
        var result = await Commands.RunAsync(actor => Delete.RunAsync(actor, policy.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, "Policy deleted", duration: 4000);
        await ReloadAsync();
    }
}
