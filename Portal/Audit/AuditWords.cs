using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Audit;

/// <summary>Changes as people read them.</summary>
public static class AuditWords
{
    /// <summary>What was done: "Pin changed", "Undo: pin changed".</summary>
    public static string Title(AuditRow change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var done = Done(change.Action.Contains('.', StringComparison.Ordinal) ? change.Action : $"{change.TargetKind}.{change.Action}");
        return change.Undoes is null ? done : "Undo: " + char.ToLowerInvariant(done[0]) + done[1..];
    }

    /// <summary>An action as what was done: "virtual_key.issue" as "Key issued".</summary>
    public static string Done(string action)
    {
        ArgumentException.ThrowIfNullOrEmpty(action);
        // Replies are purged, not the policies that the other actions of this kind are about.
        if (action == "cache.purge") return "Cache purged";
        if (Of(action) is { } content) return content;
        var dot = action.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? Sentence(action) : Kind(action[..dot]) + " " + Verb(action[(dot + 1)..]);
    }

    // What is done with kept texts and with keys that run away, beside their policies.
    private static string? Of(string action) => action switch
    {
        "content.hold" => "Legal hold placed",
        "content.unhold" => "Legal hold released",
        "content.reveal" => "Kept text read",
        "content.search" => "Kept texts searched",
        "content.export" => "Kept texts exported",
        "content.erase" => "Kept texts erased",
        "content.rewrap" => "Content key rewrapped",
        ApplyPolicies.StopAction => "Key stopped by an anomaly",
        ApplyPolicies.ThrottleAction => "Key throttled by an anomaly",
        ApplyPolicies.EndAction => "Anomaly's hold on a key ended",
        LiftKeyBrake.Action => "Anomaly's hold on a key lifted",
        _ => null,
    };

    /// <summary>A kind as a title: "Key", "Kill switch".</summary>
    public static string Kind(string kind) => kind switch
    {
        "virtual_key" => "Key",
        "cache" => "Cache policy",
        "content" => "Content policy",
        "key_brake" => "Anomaly's hold",
        _ => Sentence(kind),
    };

    /// <summary>The thing's name; of one without, the beginning of its id.</summary>
    /// <param name="change">The change.</param>
    /// <param name="names">Names of ids.</param>
    public static string Target(AuditRow change, IReadOnlyDictionary<Guid, string> names)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.TargetName is not { } name) return names.GetValueOrDefault(change.TargetId) ?? change.TargetId.ToString()[..8];
        return Guid.TryParse(name, out var id) ? names.GetValueOrDefault(id) ?? name[..8] : name;
    }

    /// <summary>Through which door it came: "portal from ::1", "REST with the admin token".</summary>
    public static string Door(AuditRow change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var door = change.Actor switch
        {
            AdminTokenHandler.ActorName => "REST with the admin token",
            "seed" => "first start",
            "gateway" => "seen by a gateway",
            ApplyPolicies.Watch => "by policy",
            _ => "portal",
        };
        return change.RemoteAddress is null ? door : $"{door}, from {change.RemoteAddress}";
    }

    /// <summary>A field's path: "on_unavailable" as "On unavailable".</summary>
    public static string Sentence(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var words = name.Replace('_', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static string Verb(string verb) => verb switch
    {
        // Of several things at once; the entry says how many.
        _ when verb.EndsWith("_many", StringComparison.Ordinal) => Verb(verb[..^"_many".Length]),
        "create" => "created",
        "update" => "changed",
        "delete" => "deleted",
        "issue" => "issued",
        "rotate" => "rotated",
        "revoke" => "revoked",
        "archive" => "archived",
        "restore" => "restored",
        "assign" => "assigned",
        "unassign" => "taken away",
        "throw" => "thrown",
        "release" => "released",
        "enable" => "enabled",
        "disable" => "disabled",
        "replace" => "replaced",
        "reseal" => "resealed",
        "raise" => "raised",
        "set" => "set",
        "set_role" => "role changed",
        "end_sessions" => "sessions ended",
        "extend" => "extended",
        "assign_tier" => "given a tier",
        "bind" => "bound",
        "start" => "started",
        "cancel" => "cancelled",
        "pause" => "paused",
        "resume" => "resumed",
        "plan" => "planned",
        "end" => "ended",
        "import" => "imported",
        "publish" => "published",
        "learn" => "learned",
        "promote" => "promoted",
        "abort" => "aborted",
        "roll_back" => "rolled back",
        "grant" => "granted",
        "deny" => "denied",
        "reject" => "rejected",
        "expire" => "expired",
        "reveal" => "text read",
        "move" => "moved",
        "open" => "opened",
        "close" => "closed",
        "reliability" or "breaker" => verb + " changed",
        _ => verb.Replace('_', ' '),
    };
}
