using AspireGateway.Shared.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Guardrails.Secrets;

public sealed class SecretDetectorTests
{
    private const int Fillings = 20;

    public static TheoryData<string> Cases => [.. SecretCases.Lines()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Find_CaseWithManyFillings_ReportsTheMarkedOnly(string line)
    {
        var random = new Random(17);
        var faults = Enumerable.Range(0, Fillings).Select(_ => SecretCases.Fault(line, random)).OfType<string>().ToList();

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Find_KeyOfThisGateway_IsReportedWhole()
    {
        var secret = VirtualKeySecret.Create();

        var found = Assert.Single(SecretCases.Find($"curl -H 'Authorization: Bearer {secret}'"));

        Assert.Equal(("GATEWAY_KEY", secret.Length), (found.Type, found.Length));
    }

    [Fact]
    public void Find_AnyText_StaysInsideItWithoutOverlaps()
    {
        var pieces = new[] { "password", "=", ":", "\"", "sk-", "eyJ", ".", "-----BEGIN ", "PRIVATE KEY-----", "://", "@", "AKIA", " is ", "token", "A1b2C3d4E5f6G7h8", "\n", "Q~", ":AA", "\\", "\uD83D", "key", "Bearer " };
        var texts = Gen.OneOf(ArbMap.Default.GeneratorFor<string>(), Gen.Elements(pieces).ArrayOf().Select(string.Concat));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var last = 0;
            foreach (var finding in SecretCases.Find(text ?? ""))
            {
                if (finding.Start < last || finding.Length < 1 || finding.End > (text ?? "").Length || finding.Score is <= 0 or > 1) return false;
                last = finding.End;
            }
            return true;
        }));
    }

    // A square cost would take minutes for a million characters.
    [Theory]
    [InlineData("eyJ")]
    [InlineData("eyJa.")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("://a:")]
    [InlineData("x://@")]
    [InlineData("password ")]
    [InlineData("key=")]
    [InlineData("token\"")]
    [InlineData("A1b2")]
    [InlineData("1:AA")]
    [InlineData(".G")]
    [InlineData("1Q~")]
    [InlineData("secret_")]
    [InlineData("sk-")]
    [InlineData("password:password is ")]
    public void Find_MillionCharactersMadeToHurt_Ends(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));

        Assert.True(SecretCases.Find(text).Length <= text.Length);
    }
}
