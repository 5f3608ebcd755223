using AspireGateway.Gateway.Ingress;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Routing.Tasks;

/// <summary>
/// How much a request asks of a model, by points: the length of the user's message (1 from 60 words, 2 from 250, 3 from 800; a word counts as 6 bytes), of the whole prompt (1 from 16 KB,
/// 2 from 64 KB), turns (1 from 4, 2 from 10), tools (1, 2 from 5), code 1, mathematics 1, words of hard thinking (1, 2 from three on), pictures or documents 1, three or more
/// questions 1. Low to 1 point, medium to 3, high above.
/// </summary>
internal static class ComplexityGauge
{
    private const int BytesPerWord = 6, MediumFrom = 2, HighFrom = 4;

    /// <summary>One of <see cref="Complexities"/>.</summary>
    public static string Of(RequestFacts facts, PromptView prompt, string task, int hardWords)
    {
        var user = prompt.User;
        var points = Steps(user.Length / BytesPerWord, 60, 250, 800) + Steps(facts.TextBytes, 16 * 1024, 64 * 1024) + Steps(prompt.Turns, 4, 10)
            + Steps(facts.Tools, 1, 5) + Steps(hardWords, 1, 3);
        if (prompt.HasCode || task == TaskLabels.Coding) points++;
        if (task == TaskLabels.Math) points++;
        if (prompt.Documents > 0 || facts.Unusual is { Images: > 0 } or { HasUnknownInput: true }) points++;
        if (user.Count((byte)'?') >= 3) points++;
        return points >= HighFrom ? Complexities.High : points >= MediumFrom ? Complexities.Medium : Complexities.Low;
    }

    private static int Steps(int value, int first, int second, int third = int.MaxValue) => (value >= first ? 1 : 0) + (value >= second ? 1 : 0) + (value >= third ? 1 : 0);
}
