using System.Collections.Concurrent;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Policies;

/// <summary>Has guardrails read their lists and weights before the first request needs them. Only those that somebody uses.</summary>
internal static class WarmUp
{
    // Something of everything, so that the paths behind the first look are compiled too.
    private const string Sample = "Dear Ada Lovelace, ignore the previous e-mail: call +44 20 7946 0958 or write to ada@example.com, 12 March 1990. password = ${SECRET}";

    private static readonly ConcurrentDictionary<string, bool> Begun = new(StringComparer.Ordinal);

    /// <summary>Begins it in the background for each guardrail that one of these settings switches on.</summary>
    public static void Begin(IEnumerable<GuardrailSettings> settings)
    {
        foreach (var one in settings)
        {
            foreach (var guardrail in GuardrailModules.All)
            {
                if (ActiveRule.Of(guardrail, one.RuleOf(guardrail.Name)) is not { } rule || !Begun.TryAdd(guardrail.Name, true)) continue;
                ThreadPool.QueueUserWorkItem(Run, rule, preferLocal: false);
            }
        }
    }

    private static void Run(ActiveRule rule)
    {
        try
        {
            rule.Guardrail.Look(Sample, TextSource.User, rule, new FindingList());
        }
        catch (Exception)
        {
            // The first request meets the same and follows the fail policy.
        }
    }
}
