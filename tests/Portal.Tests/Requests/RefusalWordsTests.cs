using AspireGateway.Portal.Requests;
using AspireGateway.Shared.Contracts;

namespace AspireGateway.Portal.Tests.Requests;

/// <summary>Whoever is refused is told what did it and where that can be changed.</summary>
public sealed class RefusalWordsTests
{
    [Theory]
    [InlineData("stop", "kill-switches", "kill switch")]
    [InlineData("approval", "approvals", "approval")]
    [InlineData("region", "residency", "where it may be processed")]
    [InlineData("rule", "routes", "routing rule")]
    [InlineData("pin", "pins", "pinned")]
    [InlineData("guardrail", "guardrails", "guardrail")]
    [InlineData("permission", "keys", "may not use this model")]
    public void Refusal_OfAKind_SaysWhatItWasAndLeadsThere(string kind, string place, string words)
    {
        var refusal = new JourneyRefusal { Kind = kind };

        Assert.Contains(words, RefusalWords.Title(refusal, null), StringComparison.Ordinal);
        Assert.Equal(place, RefusalWords.Place(refusal)?.Href);
        Assert.NotEmpty(RefusalWords.WhoMay(refusal));
    }
}
