using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Tests.Guardrails;

/// <summary>Policies and texts for tests of guardrails.</summary>
internal static class GuardrailWorld
{
    /// <summary>What an organisation with these settings does with a request.</summary>
    public static Screened Screened(GuardrailSettings settings) => new(new GuardrailPolicies([new GuardrailRow(GuardrailScopes.Organisation, null, settings)]).For("t", "k", "m"));

    /// <summary>Forbids these words.</summary>
    public static GuardrailSettings Banned(string action, string? replyAction, params string[] words) => new()
    {
        BannedPatterns = new() { Level = GuardrailLevels.Standard, Action = action, ReplyAction = replyAction, Words = words },
    };

    /// <summary>What was written.</summary>
    public static string Text(ArrayBufferWriter<byte> output) => Encoding.UTF8.GetString(output.WrittenSpan);
}
