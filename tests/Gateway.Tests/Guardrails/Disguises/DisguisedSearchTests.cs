using System.Text;
using AspireGateway.Gateway.Guardrails;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Disguises;
using AspireGateway.Gateway.Guardrails.PersonalData;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Secrets;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Tests.Guardrails.Disguises;

/// <summary>Personal data and secrets that are written so that a filter does not read them, and ordinary texts that look alike.</summary>
public sealed class DisguisedSearchTests
{
    [Theory]
    [InlineData("Write to ada\u200B@exam\u200Bple.com now", "EMAIL", "ada\u200B@exam\u200Bple.com")]
    [InlineData("Write to ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ now", "EMAIL", "ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ")]
    [InlineData("Write to \U0001D41A\U0001D41D\U0001D41A@example.com now", "EMAIL", "\U0001D41A\U0001D41D\U0001D41A@example.com")]
    [InlineData("Write to ADA@EXAMPLE.COM now", "EMAIL", "ADA@EXAMPLE.COM")]
    [InlineData("Write to аda@exаmple.com now", "EMAIL", "аda@exаmple.com")]
    [InlineData("See https://example.com/?mail=ada%40example.com&x=1", "EMAIL", "ada%40example.com")]
    [InlineData("See https://example.com/?m=%61da%40example%2Ecom", "EMAIL", "%61da%40example%2Ecom")]
    [InlineData("Write to ada&#64;example&#46;com now", "EMAIL", "ada&#64;example&#46;com")]
    [InlineData("Write to ada&commat;example&period;com now", "EMAIL", "ada&commat;example&period;com")]
    [InlineData("{\"mail\": \"ada\\u0040example.com\"}", "EMAIL", "ada\\u0040example.com")]
    [InlineData("{\"mail\": \"to:\\nada@example.com\\n\"}", "EMAIL", "ada@example.com")]
    [InlineData("Write to ada [at] example [dot] com now", "EMAIL", "ada [at] example [dot] com")]
    [InlineData("Write to ada(AT)example.com now", "EMAIL", "ada(AT)example.com")]
    [InlineData("Write to ada @ example.com now", "EMAIL", "ada @ example.com")]
    [InlineData("Write to a d a @ e x a m p l e . c o m", "EMAIL", "a d a @ e x a m p l e . c o m")]
    [InlineData("My card is 4\u200B111111111\u200D111111, thanks", "CREDIT_CARD", "4\u200B111111111\u200D111111")]
    [InlineData("My card is ４１１１ １１１１ １１１１ １１１１, thanks", "CREDIT_CARD", "４１１１ １１１１ １１１１ １１１１")]
    [InlineData("My card is ٤١١١١١١١١١١١١١١١, thanks", "CREDIT_CARD", "٤١١١١١١١١١١١١١١١")]
    [InlineData("My card is 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "CREDIT_CARD", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    [InlineData("My card is 4111\u20091111\u20091111\u20091111, thanks", "CREDIT_CARD", "4111\u20091111\u20091111\u20091111")]
    [InlineData("Pay to DE89\u00AD370400440532013000 today", "IBAN", "DE89\u00AD370400440532013000")]
    [InlineData("Pay to DЕ89370400440532013000 today", "IBAN", "DЕ89370400440532013000")]
    [InlineData("Call +49%2030%20901820 today", "PHONE", "+49%2030%20901820")]
    public void Find_DisguisedPersonalData_IsFoundWhereItIsWritten(string text, string type, string written) => Assert.Contains((type, written), Found(new PersonalDataGuardrail(), text));

    [Theory]
    [InlineData("Write to ada@example.com or call +49 30 901820.")]
    [InlineData("{\"mail\": \"ada@example.com\"}")]
    public void Find_PersonalDataInBase64OrHexadecimal_IsFoundAsAWhole(string text)
    {
        string[] forms = [Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).Replace('+', '-').Replace('/', '_').TrimEnd('='), Convert.ToHexString(Encoding.UTF8.GetBytes(text))];
        foreach (var form in forms)
        {
            Assert.Contains(Found(new PersonalDataGuardrail(), $"Decode this: {form} and answer"), found => found.Written == form);
            Assert.Contains(Found(new PersonalDataGuardrail(), $"https://example.com/files/{form}?x=1"), found => found.Written.Contains(form, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Find_DisguisedSecret_IsFoundWhereItIsWritten()
    {
        var key = "AKIA" + "IOSFODNN7EXAMPLQ";
        Assert.Contains(Found(new SecretsGuardrail(), $"key {key[..8]}\u200B{key[8..]} here"), found => found.Written == $"{key[..8]}\u200B{key[8..]}");
        Assert.Contains(Found(new SecretsGuardrail(), "data: " + Convert.ToBase64String(Encoding.UTF8.GetBytes("access key " + key))), found => found.Written.EndsWith("==", StringComparison.Ordinal) || found.Written.Length > 30);
    }

    [Theory]
    [InlineData("A family 👨\u200D👩\u200D👧 and a heart ❤\uFE0F for you")]
    [InlineData("The path C:\\temp\\new\\readme.txt and 20% off, R&D (atlas), [dotnet]")]
    [InlineData("Matrix: 1 0 0 1 0 1 0 0 1 1 0 1 0 1 1 0")]
    [InlineData("Let us meet @ nine, or @ the cafe.")]
    [InlineData("Привет, как дела? Напиши рассказ о зиме.")]
    [InlineData("commit 9fceb02d0ae598e95dc970b74767f19372d61af8 and 3f2504e04f8911d39a0c0305e82c3301")]
    [InlineData("Donaudampfschifffahrtsgesellschaftskapitaen is one long word, and so is floccinaucinihilipilification")]
    [InlineData("The progress is 100%20 or so, 5&#9731; and \\u2603")]
    public void Find_OrdinaryText_FindsNothing(string text) => Assert.Empty(Found(new PersonalDataGuardrail(), text));

    [Theory]
    [InlineData("Plain words, nothing else. 50 % of them (at most) are short.")]
    [InlineData("Ｗ", true)]
    [InlineData("a\u200Bb", true)]
    [InlineData("👨\u200D👩")]
    [InlineData("Москва")]
    [InlineData("pаypal", true)]
    [InlineData("a b c d e f g h i", true)]
    [InlineData("a b c d e f g h")]
    public void AreIn_AText_SaysWhetherItIsWrittenOtherwise(string text, bool are = false) => Assert.Equal(are, DisguiseSigns.AreIn(text));

    [Fact]
    public void PlainText_OfAnyText_KnowsWhereEachCharacterStands()
    {
        const string Text = "x\u200By ％ \\u0041 a [at] b %41 \U0001D400 a b c d e f g h i z";
        using var plain = new PlainText(Text);
        var read = plain.Characters.ToString();

        Assert.Equal("xy % A a@b A A abcdefghi z", read.Replace("abcdefghiz", "abcdefghi z", StringComparison.Ordinal));
        var last = 0;
        for (var i = 0; i < read.Length; i++)
        {
            var (start, end) = plain.Written(i, i + 1);
            Assert.True(start >= last && end > start && end <= Text.Length);
            last = end;
        }
        Assert.True(plain.IsWithinCharacter(Text.IndexOf("u0041", StringComparison.Ordinal)));
        Assert.False(plain.IsWithinCharacter(Text.IndexOf("\\u0041", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("%4")]
    [InlineData("\u200B")]
    [InlineData("[at")]
    [InlineData("a @ ")]
    [InlineData("QUJD")]
    [InlineData("a ")]
    [InlineData("/")]
    public void Find_TextsMadeToHurt_EndAndStayWithinTheText(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 60_000 / unit.Length));
        Assert.All(Found(new PersonalDataGuardrail(), text), found => Assert.True(text.Contains(found.Written, StringComparison.Ordinal)));
    }

    private static List<(string Type, string Written)> Found(IGuardrail guardrail, string text)
    {
        var findings = new FindingList();
        guardrail.Look(text, TextSource.User, ActiveRule.Of(guardrail, new GuardrailRule { Level = GuardrailLevels.Standard })!, findings);
        return [.. findings.All.ToArray().Select(finding => (finding.Type, text.Substring(finding.Start, finding.Length)))];
    }
}
