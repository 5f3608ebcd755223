using AspireGateway.Gateway.Guardrails.PromptLimits.Languages;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Tests.Guardrails.PromptLimits.Languages;

public sealed class LanguageDetectorTests
{
    [Theory]
    [InlineData("en", "Please tell me what this contract means and why it should be signed before Friday.")]
    [InlineData("de", "Bitte sag mir, was dieser Vertrag bedeutet und warum er vor Freitag unterschrieben werden soll.")]
    [InlineData("fr", "Dis-moi ce que signifie ce contrat et pourquoi il doit être signé avant vendredi.")]
    [InlineData("es", "Dime qué significa este contrato y por qué hay que firmarlo antes del viernes.")]
    [InlineData("pt", "Diga-me o que significa este contrato e por que ele deve ser assinado antes de sexta-feira.")]
    [InlineData("it", "Dimmi che cosa significa questo contratto e perché deve essere firmato prima di venerdì.")]
    [InlineData("nl", "Vertel me wat dit contract betekent en waarom het voor vrijdag getekend moet worden.")]
    [InlineData("pl", "Powiedz mi, co oznacza ta umowa i dlaczego trzeba ją podpisać przed piątkiem.")]
    [InlineData("cs", "Řekni mi, co tato smlouva znamená a proč se musí podepsat do pátku.")]
    [InlineData("sv", "Berätta för mig vad det här avtalet betyder och varför det ska skrivas under före fredag.")]
    [InlineData("fi", "Kerro minulle, mitä tämä sopimus tarkoittaa ja miksi se on allekirjoitettava ennen perjantaita.")]
    [InlineData("hu", "Mondd el, mit jelent ez a szerződés, és miért kell aláírni péntek előtt.")]
    [InlineData("tr", "Bu sözleşmenin ne anlama geldiğini ve neden cuma gününden önce imzalanması gerektiğini bana söyle.")]
    [InlineData("vi", "Hãy cho tôi biết hợp đồng này có nghĩa là gì và tại sao phải ký trước thứ sáu.")]
    [InlineData("id", "Katakan kepada saya apa arti kontrak ini dan mengapa harus ditandatangani sebelum hari Jumat.")]
    [InlineData("ru", "Скажи мне, что означает этот договор и почему его надо подписать до пятницы.")]
    [InlineData("uk", "Скажи мені, що означає цей договір і чому його треба підписати до п'ятниці.")]
    [InlineData("bg", "Кажи ми какво означава този договор и защо трябва да се подпише преди петък.")]
    [InlineData("hi", "मुझे बताइए कि इस अनुबंध का क्या मतलब है और इस पर हस्ताक्षर क्यों करने हैं।")]
    [InlineData("ar", "قل لي ما معنى هذا العقد ولماذا يجب أن يوقع قبل يوم الجمعة.")]
    [InlineData("fa", "به من بگو این قرارداد چه معنایی دارد و چرا باید پیش از جمعه امضا شود.")]
    [InlineData("zh", "请告诉我这份合同是什么意思。")]
    [InlineData("ja", "この契約書の意味を教えてください。")]
    [InlineData("ko", "이 계약서가 무슨 뜻인지 알려 주세요.")]
    [InlineData("el", "Πες μου τι σημαίνει αυτό το συμβόλαιο.")]
    [InlineData("he", "אמור לי מה משמעות החוזה הזה.")]
    [InlineData("th", "บอกฉันว่าสัญญานี้หมายความว่าอย่างไร")]
    public void Detect_ASentence_TellsItsLanguage(string language, string text) => Assert.Equal(language, LanguageDetector.Detect(text).Language);

    [Theory]
    [InlineData("")]
    [InlineData("Ok, danke!")]
    [InlineData("12345 67890 !!! ??? --- 2024-01-01")]
    [InlineData("Berlin Tokio Ottawa Lagos Lima Sydney Nairobi")]
    [InlineData("xqzt wvbn plmk zzrt qwpo dfgh kjhg mnbv")]
    [InlineData("```\nfor the item in the list and not of this that is what we want to have with you\n```")]
    public void Detect_TooShortOrNoProse_SaysNothing(string text) => Assert.Equal(LanguageGuess.Unknown, LanguageDetector.Detect(text));

    [Fact]
    public void Detect_CodeBesideProse_IsTheProsesLanguage()
    {
        const string Text = "Warum wirft diese Funktion einen Fehler, wenn die Liste leer ist?\n```python\ndef first(items):\n    # return the first of the items or none if there is not one in it\n    return items[0]\n```";
        Assert.Equal("de", LanguageDetector.Detect(Text).Language);
    }

    [Fact]
    public void Detect_FewCyrillicWords_AreOneOfTheLanguagesWrittenSo()
    {
        var guess = LanguageDetector.Detect("Москва Волгоград Екатеринбург Новосибирск");
        Assert.Null(guess.Language);
        Assert.Contains("ru", guess.Possible!);
        Assert.DoesNotContain("en", guess.Possible!);
    }

    [Fact]
    public void Detect_FenceThatIsNeverClosed_EndsAndSaysNothing() => Assert.Equal(LanguageGuess.Unknown, LanguageDetector.Detect(new string('`', 100_000)));

    [Fact]
    public void Languages_OfScriptsAndProfiles_AreThoseThatAPolicyMayName()
    {
        var told = Enum.GetValues<Script>().SelectMany(Scripts.LanguagesOf).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(LanguageCodes.All.Order(StringComparer.Ordinal), told);
        Assert.Equal(told.Except(Enum.GetValues<Script>().Select(Scripts.OnlyLanguageOf)).Order(StringComparer.Ordinal), LanguageProfiles.Default.Languages.Order(StringComparer.Ordinal));
        Assert.True(LanguageProfiles.Default.Languages.Length <= 64);
    }

    [Theory]
    [InlineData('e', Script.Latin)]
    [InlineData('ệ', Script.Latin)]
    [InlineData('Я', Script.Cyrillic)]
    [InlineData('ا', Script.Arabic)]
    [InlineData('ह', Script.Devanagari)]
    [InlineData('語', Script.Han)]
    [InlineData('ア', Script.Kana)]
    [InlineData('한', Script.Hangul)]
    [InlineData('ა', Script.Georgian)]
    [InlineData('\uFFFF', Script.Other)]
    internal void Of_ALetter_IsItsScript(char letter, Script script) => Assert.Equal(script, Scripts.Of(letter));
}
