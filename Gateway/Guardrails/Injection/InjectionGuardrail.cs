using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Injection;

/// <summary>Finds texts that try to take over the model.</summary>
internal sealed class InjectionGuardrail : IGuardrail
{
    /// <summary>Type of its findings: the whole text.</summary>
    public const string Type = "PROMPT_INJECTION";

    /// <inheritdoc />
    public string Name => GuardrailNames.PromptInjection;

    /// <inheritdoc />
    public bool FindsStretches => false;

    /// <inheritdoc />
    public int ReplyWindow => 0;

    /// <inheritdoc />
    public void Look(ReadOnlySpan<char> text, TextSource source, ActiveRule rule, FindingList findings)
    {
        // What the model said before speaks of attacks where it refused them.
        if (source == TextSource.Assistant) return;
        var verdict = InjectionDetector.Default.Judge(text, source switch
        {
            TextSource.System => InjectionSource.System,
            TextSource.ToolResult => InjectionSource.ToolResult,
            TextSource.Document => InjectionSource.Document,
            _ => InjectionSource.User,
        });
        if (verdict.Score >= (rule.IsStrict ? InjectionThresholds.Strict : InjectionThresholds.Standard)) findings.Add(new(Type, 0, text.Length, verdict.Score));
    }
}
