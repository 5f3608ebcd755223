using System.Globalization;
using System.Runtime.InteropServices;

namespace AspireGateway.Shared.Prices;

/// <summary>A field of a price file that holds an amount: what is paid for, in which tier, above how long a prompt.</summary>
/// <param name="What">What is paid for.</param>
/// <param name="Tier">The service tier; null = the standard one.</param>
/// <param name="Above">Tokens of prompt above which it holds; 0 = always.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PriceField(Paid What, string? Tier = null, long Above = 0)
{
    private const string StepStart = "_above_";
    private const string StepEnd = "k_tokens";

    // Longest first where one begins with another.
    private static readonly (string Name, Paid What)[] TokenFields =
    [
        ("cache_creation_input_token_cost_above_1hr", Paid.CacheWrite1h), ("cache_creation_input_token_cost", Paid.CacheWrite),
        ("cache_read_input_token_cost", Paid.CacheRead), ("input_cost_per_token", Paid.Input), ("output_cost_per_token", Paid.Output),
        ("input_cost_per_audio_token", Paid.AudioInput), ("output_cost_per_audio_token", Paid.AudioOutput), ("output_cost_per_image_token", Paid.ImageToken),
    ];

    private static readonly Dictionary<string, Paid> UnitFields = new(StringComparer.Ordinal)
    {
        ["output_cost_per_image"] = Paid.OutputImage, ["input_cost_per_image"] = Paid.InputImage, ["input_cost_per_pixel"] = Paid.InputPixel,
        ["output_cost_per_pixel"] = Paid.OutputPixel, ["input_cost_per_second"] = Paid.InputSecond, ["output_cost_per_second"] = Paid.OutputSecond,
        ["input_cost_per_character"] = Paid.Character, ["input_cost_per_query"] = Paid.Search, ["input_cost_per_request"] = Paid.Request,
    };

    private static readonly Dictionary<string, string> Tiers = new(StringComparer.Ordinal) { ["_flex"] = "flex", ["_priority"] = "priority", ["_batches"] = "batch" };

    /// <summary>The price of a search.</summary>
    public static readonly PriceField Search = new(Paid.Search);

    /// <summary>Decimal places in which its amount is kept.</summary>
    public int Places => What switch
    {
        Paid.OutputImage or Paid.InputImage or Paid.Search or Paid.Request => ExactAmount.PerOne,
        _ => ExactAmount.PerMillion,
    };

    /// <summary>The field of a name; null = it holds no amount that counts here.</summary>
    public static PriceField? Read(string name)
    {
        if (UnitFields.TryGetValue(name, out var unit)) return new(unit);
        foreach (var (start, what) in TokenFields)
        {
            if (!name.StartsWith(start, StringComparison.Ordinal)) continue;
            var rest = name.AsSpan(start.Length);
            long above = 0;
            if (rest.StartsWith(StepStart, StringComparison.Ordinal))
            {
                var end = rest.IndexOf(StepEnd, StringComparison.Ordinal);
                if (end < 0 || !int.TryParse(rest[StepStart.Length..end], NumberStyles.None, CultureInfo.InvariantCulture, out var thousands) || thousands == 0) continue;
                above = thousands * 1000L;
                rest = rest[(end + StepEnd.Length)..];
            }
            if (rest.IsEmpty) return new(what, null, above);
            if (Tiers.TryGetValue(rest.ToString(), out var tier)) return new(what, tier, above);
        }
        return null;
    }
}

/// <summary>What an amount in a price file is paid for.</summary>
internal enum Paid
{
    Input, CacheRead, CacheWrite, CacheWrite1h, Output, AudioInput, AudioOutput, ImageToken,
    OutputImage, InputImage, InputPixel, OutputPixel, InputSecond, OutputSecond, Character, Search, Request,
}
