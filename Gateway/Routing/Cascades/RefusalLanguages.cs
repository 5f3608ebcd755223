namespace AspireGateway.Gateway.Routing.Cascades;

/// <summary>
/// How refusals begin in languages other than English. A language is one entry: how an apology begins, and what is not done (help, answer, provide), and what a denial says. In it <c>{deed}</c>
/// stands for what is not done, and <c>{w}</c> or <c>{few}</c> for words in between, since most languages put some there. Without the deed "I cannot stop smiling" would be a refusal.
/// </summary>
internal static class RefusalLanguages
{
    /// <summary>All that are known. The first pattern of a denial must open the text; the second one, where it differs, may follow an apology.</summary>
    public static readonly RefusalLanguage[] All =
    [
        // German
        new(
            @"(?:es )?tut mir (?:sehr |wirklich )?leid|leider|entschuldig|ich (?:bedau|entschuldige)|verzeihung|als (?:eine? )?(?:ki|künstliche|sprachmodell|ki-modell)\b",
            @"(?:(?:weiter)?helfen|unterstützen|beantworten|antworten|bereitstellen|erstellen|geben|nachkommen|erfüllen|durchführen|ausführen|schreiben|tun|machen)",
            @"ich (?:kann|darf|werde) {w}(?:nicht|keine?n?) {few}{deed}|(?:(?:das|dies|dabei|hierbei|damit|darauf|leider) )?(?:kann|darf) ich {w}(?:nicht|keine?n?) {few}{deed}|ich bin (?:leider )?nicht in der lage|ich muss {few}ablehnen"),
        // French
        new(
            @"(?:je suis )?(?:vraiment |sincèrement |profondément )?désolée?|je (?:m'excuse|regrette)|(?:toutes )?mes excuses|malheureusement|en tant qu(?:e modèle|'(?:ia|intelligence|assistant))",
            @"(?:aider|assister|répondre|fournir|créer|générer|donner|traiter|satisfaire|accéder à|réaliser|accomplir|écrire|rédiger|faire (?:cela|ça))",
            @"je ne (?:peux|puis|pourrai) (?:malheureusement )?pas {w}(?:d'|l'|m'|t'|vous )?{deed}|je ne suis (?:malheureusement )?pas en mesure|je suis (?:dans l'incapacité|incapable) d|il m'est (?:malheureusement )?impossible|je dois (?:malheureusement )?(?:refuser|décliner)"),
        // Spanish
        new(
            @"(?:lo )?(?:siento|lamento)|(?:mis )?discul|perdon|perdón|desafortunadamente|lamentablemente|me temo|como (?:modelo de|una? (?:ia|inteligencia|asistente|modelo))\b",
            @"(?:ayudar|asistir|responder|proporcionar|ofrecer|brindar|facilitar|crear|generar|cumplir|escribir|redactar|darle|darte|hacer (?:eso|esto))",
            @"(?:yo )?no (?:puedo|podré|podría) {w}{deed}|no (?:me es|es) posible para mí|no me es posible|no soy capaz de {few}{deed}|no estoy en condiciones de|(?:debo|tengo que) (?:rechazar|declinar)"),
        // Italian
        new(
            @"(?:mi )?(?:dispiace|spiace)|(?:sono )?spiacente|purtroppo|(?:chiedo |mi )?scus|in quanto (?:ia|intelligenza|modello)\b|come (?:ia|modello|intelligenza)\b",
            @"(?:aiutar|assister|risponder|fornir|crear|generar|soddisfar|scriver|eseguir|darti|darle|farlo)",
            @"(?:io )?non posso {w}{deed}|non sono in grado di {few}{deed}|non mi è possibile|devo (?:rifiutare|declinare)"),
        // Portuguese
        new(
            @"(?:me )?desculp|(?:eu )?(?:lamento|sinto muito)|peço (?:desculpa|perdão)|infelizmente|como (?:modelo de|uma? (?:ia|inteligência|assistente|modelo))\b",
            @"(?:ajud|auxili|respond|fornec|cri(?:ar|á)|ger(?:ar|á)|atend|escrev|cumpr|oferec|realiz|fazer (?:isso|isto))",
            @"(?:eu )?não (?:posso|consigo|poderei) {w}{deed}|não sou capaz de {few}{deed}|não me é possível|(?:devo|preciso|tenho (?:de|que)) (?:recusar|declinar)"),
        // Dutch
        new(
            @"het spijt me|sorry|helaas|(?:mijn )?excuses|als (?:een )?(?:ai|taalmodel|kunstmatige)\b",
            @"(?:helpen|beantwoorden|antwoorden|verstrekken|geven|maken|voldoen|schrijven|uitvoeren|bieden|doen)",
            @"ik (?:kan|mag|zal) {w}(?:niet|geen) {few}{deed}|(?:(?:daar|hier|dat|dit|daarbij|hierbij|daarmee|helaas) )?kan ik {w}(?:niet|geen) {few}{deed}|ik ben (?:helaas )?niet in staat|ik moet {few}(?:weigeren|afwijzen)"),
        // Polish
        new(
            @"(?:bardzo )?przepraszam|przykro mi|niestety|wybacz|jako (?:model|sztuczna|ai)\b",
            @"(?:pomóc|pomagać|odpowiedzieć|udzielić|dostarczyć|stworzyć|spełnić|wygenerować|napisać|podać|wykonać|udostępnić|(?:tego )?zrobić)",
            @"(?:ja )?nie (?:mogę|potrafię|jestem w stanie) {w}{deed}|(?:w tym|z tym|na to) nie mogę {few}{deed}|muszę odmówić"),
        // Russian
        new(
            @"извините|простите|прошу прощения|к сожалению|мне (?:очень )?жаль|(?:я )?сожалею|как (?:ии|языковая|искусственный)\b",
            @"(?:помочь|помогать|ответить|отвечать|предоставить|выполнить|создать|написать|обсуждать|(?:этого )?сделать)",
            @"(?:я )?не (?:могу|смогу|в состоянии) {w}{deed}|(?:с этим|на это) (?:я )?не могу {few}{deed}|(?:я )?вынужден(?:а)? отказать"),
        // Turkish
        new(
            @"(?:çok )?üzgünüm|maalesef|ne yazık ki|özür dilerim|kusura bakma",
            @"(?:yardımcı olam|yardım edem|yanıt verem|yanıtlayam|cevaplayam|cevap verem|sağlayam|yerine getirem|oluşturam)(?:am|em|ıyorum|iyorum|ayacağım|eyeceğim)",
            @"(?:bu|bunu|buna|size|sana|ben) [^.!?\n]{0,60}{deed}|{deed}"),
        // Japanese
        new(
            @"(?:大変|誠に)?(?:申し訳|恐れ入り|恐縮)|す[みい]ません|ごめんなさい|残念ながら|(?:私は)?(?:AI|人工知能|言語モデル)として",
            @"(?:手伝い|答え|回答|応え|返答|対応|提供|支援|サポート|作成|助け|応じ|力に)[^。\n]{0,12}(?:でき(?:ません|かねます|ない)|出来(?:ません|かねます)|(?:いた|致)しかねます|しかねます|なれません|差し上げられません)",
            @"(?:その|この|こちらの|それ|ご)(?:ような|種の)?(?:ご)?(?:質問|要求|要望|依頼|リクエスト|件|内容|お?手伝い)?[^。\n]{0,16}{deed}",
            @"{deed}"),
        // Chinese
        new(
            @"(?:我)?(?:很|非常|十分|真的|深感)?(?:抱歉|对不起|對不起|遗憾|遺憾|不好意思)|(?:作为|作為)(?:一个|一個|一款)?(?:人工智能|人工智慧|AI|语言模型|語言模型)",
            @"(?:帮|幫|协助|協助|回答|回应|回應|提供|满足|滿足|完成|生成|创建|創建|处理|處理|讨论|討論|答复|答覆|执行|執行)",
            @"我(?:们|們)?(?:现在|目前|恐怕)?(?:无法|無法|不能|不可以|没办法|沒辦法|没有办法)[^。!?!?\n]{0,10}{deed}",
            @"(?:无法|無法|不能|不可以|没办法|沒辦法|没有办法)[^。!?!?\n]{0,10}{deed}"),
        // Korean
        new(
            @"(?:정말 |대단히 )?(?:죄송|미안|유감|안타깝|아쉽)|(?:저는 )?(?:AI|인공지능|언어 모델)(?:로서|으로서)",
            @"(?:도와|도움|답변|대답|응답|제공|지원|작성|생성|처리|답)[^.\n]{0,14}(?:수(?:가|는)? 없|어렵습니다|불가능합니다|못합니다)",
            @"(?:저는|해당|그|이|그런|이런|그러한|요청하신) [^.\n]{0,24}(?:도와|도움|답변|대답|응답|제공|답)[^.\n]{0,8}드릴 수(?:가|는)? 없|(?:도와|답변|제공|도움을|답변을)[^.\n]{0,4} ?드릴 수(?:가|는)? 없",
            @"{deed}"),
    ];
}
