using System.Buffers;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Shared.Domain.Guardrails;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Guardrails.Screening;

/// <summary>What is masked on its way out is whole again on its way back, whatever stands around it.</summary>
public sealed class MaskAndRestoreTests
{
    private static readonly GuardrailSettings Both = new()
    {
        PersonalData = new() { Level = GuardrailLevels.Standard, Action = GuardrailActions.Mask }, Secrets = new() { Level = GuardrailLevels.Standard, Action = GuardrailActions.Mask },
    };

    [Fact]
    public void MaskThenRestore_AnyText_GivesTheOriginal()
    {
        var texts = from pieces in Gen.ListOf(Gen.Elements(
                        "write to ada@example.com", "call +49 30 901820", "card 4111 1111 1111 1111", " and ", "\n", "\"quoted\"", "<EMAIL_1>", "\\u0041", "IBAN DE89 3704 0044 0532 0130 00", "é😀", "password: hunter2hunter2!"))
                    select string.Concat(pieces);
        Prop.ForAll(texts.ToArbitrary(), text => Restored(text) == text).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Mask_EmailAndCard_LeavesNeither()
    {
        var (masked, _) = Masked("Mail ada@example.com, charge 4111 1111 1111 1111.");
        Assert.Equal("Mail <EMAIL_1>, charge <CREDIT_CARD_1>.", masked);
    }

    [Fact]
    public void Mask_SecretWithinWhatIsPersonal_IsMaskedWhole()
    {
        var (masked, _) = Masked("postgres://ada:" + "Sw0rdfish-77aB@db.example.com/orders");
        Assert.DoesNotContain("Sw0rdfish", masked, StringComparison.Ordinal);
    }

    private static string Restored(string text)
    {
        var (masked, screened) = Masked(text);
        var output = new ArrayBufferWriter<char>();
        var restorer = new PlaceholderRestorer(screened.Placeholders, isJson: false);
        restorer.Take(masked, output);
        restorer.End(output);
        return output.WrittenSpan.ToString();
    }

    private static (string Masked, Screened Screened) Masked(string text)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":{{JsonSerializer.Serialize(text)}} }]}""");
        var screened = GuardrailWorld.Screened(Both);
        using var scratch = ScreenScratch.Take();
        Assert.True(BodyTextReader.TryRead(body, 64, scratch.Texts));
        Assert.Null(new TextScreen(TimeProvider.System, new()).Look(scratch, screened, isReply: false));
        var output = new ArrayBufferWriter<byte>();
        BodyMask.Write(body, scratch.Texts, scratch.Replacements, output);
        return (JsonDocument.Parse(output.WrittenMemory).RootElement.GetProperty("messages")[0].GetProperty("content").GetString()!, screened);
    }
}
