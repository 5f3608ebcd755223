using System.Collections.Frozen;
using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Audit;

/// <summary>Takes a change back, through the command that an edit would use. For those who see the change and may make such an edit.</summary>
public sealed class UndoChange(AuditQuery query, IEnumerable<Undo> undos)
{
    private static readonly Permission[] s_edits =
        [Permission.ManageTeams, Permission.ManageFeatures, Permission.ManageKeys, Permission.ManageModels, Permission.ManageBudgets, Permission.ThrowKillSwitch, Permission.ManageAlerts, Permission.ManageWebhooks];

    private readonly FrozenDictionary<string, Undo> byAction = undos.ToFrozenDictionary(u => u.Action, StringComparer.Ordinal);

    /// <summary>Whether there is a way back from a change; whether it is open is only known when it is tried.</summary>
    public bool Knows(AuditRow change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change.UndoneBy is null && byAction.ContainsKey(change.Action);
    }

    /// <summary>Whether the actor may edit anything at all: who only reads is offered no undo. Whether they may make this edit is said when it is tried.</summary>
    public static bool MayTry(Actor actor) => Array.Exists(s_edits, p => Permissions.Of(actor, p) != Reach.None);

    /// <summary>Takes it back; gives the entry of the undo itself.</summary>
    public async Task<Result<AuditRow>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var found = await query.OneAsync(actor, id, cancellationToken);
        if (found.Failure is { } unseen) return unseen;
        var row = found.Value;
        if (!byAction.TryGetValue(row.Action, out var undo)) return new Failure.Conflict(WhyNot(row));
        var change = new UndoneChange { Id = row.Id, Action = row.Action, TargetId = row.TargetId, Revision = row.Revision, Before = row.Before, After = row.After };
        try
        {
            if (await undo.RunAsync(actor, change, cancellationToken) is { } failure) return Told(failure);
        }
        catch (JsonException)
        {
            return new Failure.Conflict("It was recorded by an earlier version in a form that cannot be put back. Edit it by hand.");
        }
        return await query.UndoOfAsync(actor, id, cancellationToken);
    }

    /// <summary>Why a change has no way back, and what to do instead.</summary>
    public static string WhyNot(AuditRow change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change.Action switch
        {
            "virtual_key.issue" => "A key's issue cannot be undone here. Revoke the key instead.",
            "virtual_key.revoke" or "virtual_key.rotate" => "A key that was revoked or replaced stays so: its secret may be in other hands. Issue a new one.",
            "price.set" or "price_book.import" => "Prices are kept as versions, and requests were billed by this one. Set the price anew instead.",
            "repricing.start" or "repricing.end" or "repricing.cancel" => "Records are priced anew, not put back. Start another re-pricing with the price that should hold.",
            "provider.delete" => "Its credentials went with it, and their secrets are not kept here. Make the provider again.",
            "deployment.delete" => "Its prices and limits went with it. Make the deployment again.",
            "webhook.delete" => "Its signing secret is not kept here. Make the webhook again.",
            "user.end_sessions" => "A session that was ended stays so. The person signs in again.",
            "budget.raise" => "A raise ends by itself. Set the budget's cap instead.",
            "configuration.import" or "configuration.roll_back" => "Many things changed at once. Roll back on the Configuration page, or undo single ones.",
            "rule.move" => "One move shifts several rules. Put the rules in order on the Routes page instead.",
            "quality.publish" or "quality.restore" or "quality.learn" => "Quality tables are versions of their own. Restore an earlier one on the Quality page.",
            "key_brake.end" or "key_brake.lift" => "A key that goes again is not held anew. Stop it under Kill switches, or give it a limit.",
            "cache.purge" => "What was purged is made anew by the next requests.",
            _ when change.TargetKind == "credential" => "Secrets are not kept here, so a credential cannot be put back. Enter it again.",
            _ when change.TargetKind == "canary" => "A canary is ended, not undone. Start another one, or undo the change of the model.",
            _ when change.Actor == "gateway" => "This is something that happened, not a change of configuration.",
            _ => $"There is no undo for {change.Action}. Edit it by hand.",
        };
    }

    // The caller sent no fields: which one of the old values is wrong today stands in the sentence.
    private static Failure Told(Failure failure) => failure switch
    {
        Failure.Invalid or Failure.NotFound => new Failure.Conflict($"It cannot be put back: {failure.Message}"),
        Failure.Conflict { Field: not null } conflict => new Failure.Conflict(conflict.Why),
        _ => failure,
    };
}
