using AspireGateway.Gateway.Guardrails.PersonalData;

namespace AspireGateway.Gateway.Tests.Guardrails.PersonalData;

/// <summary>Each type against its own cases, which stand in Golden/PersonalData.</summary>
public sealed class RecogniserTests
{
    public static TheoryData<string> Types => [.. PersonalDataTypes.All];

    [Theory]
    [MemberData(nameof(Types))]
    public void Find_CasesOfOneType_ReportsTheMarkedOnly(string type)
    {
        var (positives, negatives, faults) = PersonalDataCases.Check(type);

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(positives >= 20 && negatives >= 20, $"{positives} positives and {negatives} negatives are too few.");
    }
}
