using AspireGateway.Gateway.Ingress;
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

    /// <summary>The prompt.</summary>
    public PromptView Prompt => prompt ??= PromptReader.Read(request);

    /// <summary>The task.</summary>
    public RequestTask Task => task ??= RequestTasks.Of(caller.Organisation.Rules, request, Prompt);

    /// <summary>The task, if anybody wanted to know it.</summary>
    public readonly RequestTask? KnownTask => task;
}
