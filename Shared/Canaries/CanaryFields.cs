using System.Globalization;

namespace AspireGateway.Shared.Canaries;

/// <summary>The hash in Redis in which gateways count a canary's arms: what its fields are called.</summary>
public static class CanaryFields
{
    /// <summary>The step that runs, from 0.</summary>
    public const string Stage = "stage";

    /// <summary>When it began, in milliseconds since 1970.</summary>
    public const string StageAt = "stage_at";

    /// <summary>Requests that the canary had served when it began.</summary>
    public const string StageBase = "stage_base";

    /// <summary>The guard that was broken; missing = none.</summary>
    public const string Tripped = "tripped";

    /// <summary>Prefix of the canary's counts.</summary>
    public const char Canary = 'c';

    /// <summary>Prefix of the counts of the rest.</summary>
    public const char Baseline = 'b';

    private const string Requests = "n", Errors = "e", Costs = "k", CostSum = "s", CostSquares = "q", Votes = "v", VoteSum = "w", VoteSquares = "x";

    /// <summary>The hash's key.</summary>
    public static string KeyOf(Guid canary) => $"canary:{canary:N}";

    /// <summary>The counts of an arm that are not 0, as field and amount.</summary>
    public static IEnumerable<(string Field, double Amount)> Write(char arm, ArmCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return All().Where(f => f.Amount != 0).Select(f => ($"{arm}:{f.Field}", f.Amount));

        IEnumerable<(string Field, double Amount)> All()
        {
            yield return (Requests, counts.Requests);
            yield return (Errors, counts.Errors);
            yield return (Costs, counts.Costs);
            yield return (CostSum, counts.CostSum);
            yield return (CostSquares, counts.CostSquares);
            yield return (Votes, counts.Votes);
            yield return (VoteSum, counts.VoteSum);
            yield return (VoteSquares, counts.VoteSquares);
            for (var i = 0; i < counts.Latencies.Length; i++) yield return ("l" + i.ToString(CultureInfo.InvariantCulture), counts.Latencies[i]);
        }
    }

    /// <summary>Reads one field into the counts; what is not a count is passed over.</summary>
    public static void Read(string field, string value, ArmCounts canary, ArmCounts baseline)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(canary);
        ArgumentNullException.ThrowIfNull(baseline);
        if (field is not [Canary or Baseline, ':', _, ..] || !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)) return;
        var counts = field[0] == Canary ? canary : baseline;
        switch (field[2..])
        {
            case Requests: counts.Requests = amount; break;
            case Errors: counts.Errors = amount; break;
            case Costs: counts.Costs = amount; break;
            case CostSum: counts.CostSum = amount; break;
            case CostSquares: counts.CostSquares = amount; break;
            case Votes: counts.Votes = amount; break;
            case VoteSum: counts.VoteSum = amount; break;
            case VoteSquares: counts.VoteSquares = amount; break;
            case ['l', .. var place] when int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var bucket) && bucket < counts.Latencies.Length:
                counts.Latencies[bucket] = amount;
                break;
        }
    }
}
