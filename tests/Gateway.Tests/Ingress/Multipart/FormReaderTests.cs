using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Ingress.Multipart;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Ingress.Multipart;

public sealed class FormReaderTests
{
    private const string Type = "multipart/form-data; boundary=\"b-7\"";
    private const string Model = "--b-7\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper\r\n";
    private const string File = "--b-7\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\nContent-Type: audio/mpeg\r\n\r\n\r\n--b-8 bytes\r\n\r\n";
    private const string End = "--b-7--\r\n";

    [Fact]
    public void Form_IsFoundPartByPart()
    {
        var body = Utf8(Model + File + End);

        Assert.Null(FormReader.Read(body, Type, out var form));

        Assert.Equal(["model", "file"], form!.Parts.Select(part => part.Name));
        Assert.Equal([false, true], form.Parts.Select(part => part.IsFile));
        Assert.Equal(["whisper", "\r\n--b-8 bytes\r\n"], form.Parts.Select(part => Encoding.UTF8.GetString(body[part.Value])));
    }

    [Fact]
    public async Task NetClient_IsUnderstood()
    {
        using var content = new MultipartFormDataContent { { new StringContent("whisper"), "model" }, { new ByteArrayContent([1, 2, 13, 10]), "file", "ü.wav" } };
        var body = await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Null(FormReader.Read(body, content.Headers.ContentType!.ToString(), out var form));

        Assert.Equal([1, 2, 13, 10], body[form!.Parts[1].Value]);
    }

    [Theory]
    [InlineData("multipart/form-data", Model + File + End, "boundary")]
    [InlineData("multipart/form-data; boundary=a; boundary=b-7", Model + File + End, "boundary")]
    [InlineData(Type, "preamble\r\n" + Model + End, "begin")]
    [InlineData(Type, "--b-7\nContent-Disposition: form-data; name=\"model\"\n\nx\n--b-7--", "line end")]
    [InlineData(Type, "--b-7 \r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nx\r\n--b-7--", "line end")]
    [InlineData(Type, "--b-7\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nx", "breaks off")]
    [InlineData(Type, "--b-7\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n--b-7--", "no content")]
    [InlineData(Type, "--b-7\r\nContent-Disposition: form-data;\r\n name=\"model\"\r\n\r\nx\r\n--b-7--", "do not name its field")]
    [InlineData(Type, "--b-7\r\nContent-Disposition: form-data; name=a; name=model\r\n\r\nx\r\n--b-7--", "do not name its field")]
    [InlineData(Type, "--b-7\r\nContent-Disposition: form-data; name=model\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--b-7--", "do not name its field")]
    [InlineData(Type, "--b-7\r\nX: y\r\n\r\nx\r\n--b-7--", "do not name its field")]
    [InlineData(Type, Model + End + "--b-7\r\n", "follows")]
    public void Form_ThatReadersCouldTakeDifferently_IsRefused(string type, string body, string says)
    {
        var refusal = FormReader.Read(Utf8(body), type, out _);

        Assert.Contains(says, refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_OfATranscription_AreFound()
    {
        using var facts = Facts(Model + "--b-7\r\nContent-Disposition: form-data; name=\"stream\"\r\n\r\ntrue\r\n" + File + End);

        Assert.Null(FormFacts.Read(facts, Type));

        Assert.Equal(("whisper", true, true), (facts.Model, facts.HasModelField, facts.Stream));
        Assert.Equal(1, facts.Units.Milliseconds);
    }

    [Theory]
    [InlineData(Model + Model + File + End, "twice")]
    [InlineData(Model + End, "'file' is missing")]
    public void Facts_ThatAreNotClear_AreRefused(string body, string says)
    {
        using var facts = Facts(body);

        Assert.Contains(says, FormFacts.Read(facts, Type)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AudioLength_OfAWave_IsInItsHeader()
    {
        var wave = new byte[44 + 32_000];
        "RIFF"u8.CopyTo(wave);
        "WAVEfmt "u8.CopyTo(wave.AsSpan(8));
        BitConverter.TryWriteBytes(wave.AsSpan(28), 32_000);

        Assert.Equal(1000, AudioLength.Estimate(wave));
        Assert.Equal(1000, AudioLength.Estimate(new byte[16_000]));
    }

    [Fact]
    public void Reader_TakesAnything_AndFindsOnlyWhatIsThere()
    {
        var good = Utf8(Model + File + End);
        var mutated = Gen.Choose(0, good.Length - 1).SelectMany(at => Gen.Choose(0, 4).SelectMany(kind => Gen.Choose(0, 255).Select(value => Mutate(good, at, kind, (byte)value))));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll(mutated.ToArbitrary(), body =>
        {
            if (FormReader.Read(body, Type, out var form) is not null) return form is null;
            return form!.Parts.All(part => part.Value.Start.Value <= part.Value.End.Value && part.Value.End.Value <= body.Length);
        }));
    }

    private static byte[] Mutate(byte[] good, int at, int kind, byte value) => kind switch
    {
        0 => good[..at],
        1 => [.. good[..at], value, .. good[at..]],
        2 => [.. good[..at], .. good[(at + 1)..]],
        3 => [.. good[..at], .. good[..at], .. good[at..]],
        _ => [.. good[..at], value, .. good[(at + 1)..]],
    };

    private static RequestFacts Facts(string body)
    {
        var utf8 = Utf8(body);
        var rented = ArrayPool<byte>.Shared.Rent(utf8.Length);
        utf8.CopyTo(rented, 0);
        return new RequestFacts(rented, utf8.Length);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
