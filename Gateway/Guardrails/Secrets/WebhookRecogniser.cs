using System.Buffers;
using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>Addresses of incoming webhooks of Slack, Discord and Teams: who knows one can post.</summary>
internal static class WebhookRecogniser
{
    private const int Longest = 400, LeastRest = 30, LongestHost = 64;

    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n\"'<>`)");

    /// <summary>The parts that tell them.</summary>
    public static readonly string[] Marks = ["hooks.slack.com/", "/api/webhooks/", ".webhook.office.com/", "hooks.zapier.com/"];

    /// <summary>Reports the address around the mark that begins here.</summary>
    public static void Find(ReadOnlySpan<char> text, int at, FindingList findings)
    {
        foreach (var mark in Marks)
        {
            if (!text[at..].StartsWith(mark)) continue;
            var from = at + mark.Length;
            var rest = text[from..Math.Min(text.Length, from + Longest)];
            var length = rest.IndexOfAny(Ends);
            if (length < 0) length = rest.Length;
            while (length > 0 && rest[length - 1] is '.' or ',') length--;
            rest = rest[..length];
            if (length < LeastRest && !(mark[0] == 'h' && length >= 16 && mark[6] == 'z')) return;
            if (Placeholders.IsOne(rest) || SecretValue.Classes(rest).Digits == 0) return;
            var before = text[Math.Max(0, at - LongestHost)..at];
            var scheme = before.LastIndexOf("https://");
            if (scheme < 0 || before[scheme..].IndexOfAny(" \n\"'") >= 0) return;
            var start = at - before.Length + scheme;
            findings.Add(new(SecretTypes.WebhookUrl, start, from + length - start, 0.95));
            return;
        }
    }
}
