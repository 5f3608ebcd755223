using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Routing.Rules.Patterns;
using AspireGateway.Gateway.Routing.Tasks;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>
/// What rules look at. The prompt is read, and its task told, when the first rule wants to know; an organisation whose rules look at nothing of it pays nothing for it.
/// </summary>
internal ref struct RuleFacts(Caller caller, RequestFacts request, ConfigurationSnapshot snapshot, DateTimeOffset now, IBudgetShares budgets)
{
    private PromptView? prompt;
    private RequestTask? task;
    private PatternSearch? patterns;
    private bool isZoned;
    private DateTimeOffset local;

    /// <summary>Who asks.</summary>
    public readonly Caller Caller => caller;

    /// <summary>What they ask.</summary>
    public readonly RequestFacts Request => request;

    /// <summary>The configuration.</summary>
    public readonly ConfigurationSnapshot Snapshot => snapshot;

    /// <summary>What is used of budgets.</summary>
    public readonly IBudgetShares Budgets => budgets;

    /// <summary>Now, UTC.</summary>
    public readonly DateTimeOffset Now => now;

    /// <summary>Now in the organisation's time zone.</summary>
    public DateTimeOffset Local
    {
        get
        {
            if (!isZoned) (local, isZoned) = (TimeZoneInfo.ConvertTime(now, caller.Organisation.Zone), true);
            return local;
        }
    }

    /// <summary>Whether there is a conversation to look at.</summary>
    public readonly bool HasConversation => request.Operation is { HasConversation: true };

    /// <summary>The model that the request would go to without rules; null = it names none that is there, and there is no default.</summary>
    public readonly ModelSnapshot? AskedModel =>
        (string.IsNullOrEmpty(request.Model) || request.Model == ModelAccess.Auto ? ModelAccess.DefaultOf(caller) : request.Model) is { } name ? ModelAccess.Find(caller.Organisation, name) : null;

    /// <summary>The prompt.</summary>
    public PromptView Prompt => prompt ??= PromptReader.Read(request);

    /// <summary>The task.</summary>
    public RequestTask Task => task ??= RequestTasks.Of(ref this);

    /// <summary>Whether a pattern of the organisation matches in the user's last message, by its place.</summary>
    public bool Matches(int pattern)
    {
        var set = caller.Organisation.Rules.Patterns;
        return (patterns ??= PatternSearch.Fresh(set)).Matches(set, pattern, Prompt.Characters);
    }

    /// <summary>The task, if anybody wanted to know it.</summary>
    public readonly RequestTask? KnownTask => task;
}
