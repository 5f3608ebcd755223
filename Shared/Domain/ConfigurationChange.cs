namespace AspireGateway.Shared.Domain;

/// <summary>One row per thing that a configuration revision touched, from which gateways load only what changed.</summary>
public sealed class ConfigurationChange
{
    /// <summary>The revision; gapless and in commit order.</summary>
    public long Revision { get; set; }

    /// <summary>Kind of the thing; one of <see cref="ConfigurationKinds"/>.</summary>
    public required string Kind { get; set; }

    /// <summary>The thing.</summary>
    public Guid EntityId { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>The single row that holds the current revision. Updating it serialises writers, so revisions commit in order, and notifies gateways.</summary>
public sealed class ConfigurationState
{
    /// <summary>Always true: there is one row.</summary>
    public bool Id { get; set; } = true;

    /// <summary>The current revision; 0 = nothing configured yet.</summary>
    public long Revision { get; set; }
}

/// <summary>Kinds of configuration.</summary>
public static class ConfigurationKinds
{
    /// <summary>The channel on which Postgres announces each new revision; the payload is the revision.</summary>
    public const string NotifyChannel = "configuration";

    /// <summary>An organisation.</summary>
    public const string Organisation = "organisation";

    /// <summary>A team.</summary>
    public const string Team = "team";

    /// <summary>A portal user; gateways do not load them.</summary>
    public const string User = "user";

    /// <summary>A feature with its owner; gateways do not load them.</summary>
    public const string Feature = "feature";

    /// <summary>A virtual key.</summary>
    public const string VirtualKey = "virtual_key";

    /// <summary>A provider.</summary>
    public const string Provider = "provider";

    /// <summary>A provider's credential.</summary>
    public const string Credential = "credential";

    /// <summary>A deployment.</summary>
    public const string Deployment = "deployment";

    /// <summary>A logical model with its aliases and places of deployments.</summary>
    public const string Model = "model";

    /// <summary>A routing rule.</summary>
    public const string Rule = "rule";

    /// <summary>A task of an organisation's own.</summary>
    public const string Task = "task";

    /// <summary>A price version.</summary>
    public const string Price = "price";

    /// <summary>An imported price book; gateways do not load them.</summary>
    public const string PriceBook = "price_book";

    /// <summary>A limit.</summary>
    public const string Limit = "limit";

    /// <summary>A budget, or a raise of one.</summary>
    public const string Budget = "budget";

    /// <summary>A tier, or who has it.</summary>
    public const string Tier = "tier";

    /// <summary>A kill switch.</summary>
    public const string KillSwitch = "kill_switch";

    /// <summary>A key that is stopped or throttled because it ran away.</summary>
    public const string KeyBrake = "key_brake";

    /// <summary>What becomes of keys that run away; gateways do not load them.</summary>
    public const string AnomalyPolicy = "anomaly_policy";

    /// <summary>A decided approval.</summary>
    public const string Approval = "approval";

    /// <summary>A canary.</summary>
    public const string Canary = "canary";

    /// <summary>A version pin.</summary>
    public const string Pin = "pin";

    /// <summary>Regions of an organisation, a data class, a user or a feature.</summary>
    public const string Residency = "residency";

    /// <summary>A guardrail policy.</summary>
    public const string Guardrail = "guardrail";

    /// <summary>A quarantined request; gateways do not load them, they ask when a ticket comes.</summary>
    public const string Quarantine = "quarantine";

    /// <summary>A cache policy.</summary>
    public const string Cache = "cache";

    /// <summary>A content policy; also a legal hold, an erasure or a look at texts, which gateways do not load.</summary>
    public const string Content = "content";

    /// <summary>A check outside of the gateway that guardrail policies name.</summary>
    public const string GuardrailCheck = "guardrail_check";

    /// <summary>A sample set of benchmarks; gateways do not load them.</summary>
    public const string BenchmarkSet = "benchmark_set";

    /// <summary>A benchmark run; gateways do not load them.</summary>
    public const string BenchmarkRun = "benchmark_run";

    /// <summary>The table of quality: a new version, or what feedback says.</summary>
    public const string Quality = "quality";

    /// <summary>A webhook; gateways do not load them.</summary>
    public const string Webhook = "webhook";

    /// <summary>A row of the sign-in mapping; gateways do not load them.</summary>
    public const string SignInMapping = "sign_in_mapping";

    /// <summary>A personal access token of the portal's API; gateways do not load them.</summary>
    public const string AccessToken = "access_token";
}
