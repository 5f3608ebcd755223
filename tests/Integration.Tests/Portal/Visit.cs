using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using AspireGateway.Integration.Tests.Stores;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>A tab, with what the browser complained about.</summary>
internal sealed class Visit : IAsyncDisposable
{
    // A folder for pictures of what the tests see, for people who look at pages; null = none are taken.
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("PORTAL_PICTURES");

    private readonly IBrowserContext context;

    /// <summary>Watches a tab.</summary>
    /// <param name="context">Its context, which ends with it.</param>
    /// <param name="page">The tab.</param>
    /// <param name="origin">Whose pages count, as the beginning of their addresses; null = all.</param>
    public Visit(IBrowserContext context, IPage page, string? origin = null)
    {
        this.context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && (origin is null || page.Url.StartsWith(origin, StringComparison.Ordinal))) Complaints.Enqueue(message.Text);
        };
        page.PageError += (_, error) => Complaints.Enqueue(error);
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Errors and warnings of the console and of scripts.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>Opens an address and waits until it shows its data: the skeleton is gone and the page answers.</summary>
    public async Task GoAsync(string address)
    {
        await Page.GotoAsync(address);
        await SettledAsync();
    }

    /// <summary>Waits until no part of the page is loading.</summary>
    public async Task SettledAsync()
    {
        await Assertions.Expect(Page.Locator("main h1")).ToHaveCountAsync(1);
        await Assertions.Expect(Page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
    }

    /// <summary>Asserts that axe finds nothing serious on the page as it stands.</summary>
    public async Task AssertAccessibleAsync()
    {
        // Icons are words until their font is there, and the other theme's style sheet brings it anew.
        await Page.EvaluateAsync("async () => { document.body.getBoundingClientRect(); await document.fonts.ready; }");
        List<AxeResultItem> serious = [];
        if (await StaysAsync(async () => (serious = [.. (await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] })).Violations.Where(v => v.Impact is "serious" or "critical")]).Count == 0))
            Assert.Fail(string.Join('\n', serious.Select(v => $"{Page.Url}: {v.Id}: {v.Help}: {v.Nodes[0].Html}")));
    }

    /// <summary>Asserts that nothing sticks out to the side.</summary>
    public async Task AssertFitsAsync()
    {
        var overhang = 0;
        if (!await StaysAsync(async () => (overhang = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")) <= 0)) return;
        // A box may fit while its text does not, so texts are looked at too.
        var who = await Page.EvaluateAsync<string>("""
            () => {
              const out = new Set(), range = document.createRange(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              const inside = e => e.parentElement.closest('.scroll') === null;
              for (const e of document.querySelectorAll('body *')) if (e.getBoundingClientRect().right > innerWidth && inside(e)) out.add(e);
              while (texts.nextNode()) {
                range.selectNodeContents(texts.currentNode);
                if (range.getBoundingClientRect().right > innerWidth && inside(texts.currentNode)) out.add(texts.currentNode.parentElement);
              }
              return [...out].slice(-4).map(e => e.outerHTML.slice(0, 200)).join('\n');
            }
            """);
        Assert.Fail($"{Page.Url} sticks out by {overhang} px: {who}");
    }

    // Whether what is amiss stays so: pages are alive, and one that was looked at while it was drawn anew, or a chart that follows its new width, is well a moment later.
    private static async Task<bool> StaysAsync(Func<Task<bool>> isWell)
    {
        try
        {
            await Eventually.HoldsAsync(isWell, TimeSpan.FromSeconds(5), "the page is well");
            return false;
        }
        catch (TimeoutException late) when (late.InnerException is null)
        {
            return true;
        }
    }

    /// <summary>Chooses in the list of a field of the dialog that is open.</summary>
    public async Task ChooseAsync(string label, string option)
    {
        var name = new Regex($@"^\s*{Regex.Escape(label)}\s*$", RegexOptions.None, TimeSpan.FromSeconds(1));
        var list = Page.GetByRole(AriaRole.Dialog).Locator(".field", new() { Has = Page.Locator("label", new() { HasTextRegex = name }) }).Locator(".rz-dropdown");
        await list.ClickAsync();
        await Page.Locator(".rz-dropdown-item:visible, .rz-multiselect-item:visible").GetByText(option, new() { Exact = true }).ClickAsync();
        // It tells the form once it has closed.
        await Assertions.Expect(list).ToContainTextAsync(option);
    }

    /// <summary>Chooses a file of the one file field that is there, once it listens: the framework tells it to only after it was drawn.</summary>
    public async Task ChooseFileAsync(string name, string content)
    {
        await Eventually.HoldsAsync(
            () => Page.EvaluateAsync<bool>("() => document.querySelector('input[type=file]')?._blazorInputFileNextFileId !== undefined"), TimeSpan.FromSeconds(20), "the file field listens");
        await Page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = System.Text.Encoding.UTF8.GetBytes(content) });
    }

    /// <summary>Takes a picture of the whole page into the folder that <c>PORTAL_PICTURES</c> names, if it names one.</summary>
    public async Task PictureAsync(string name)
    {
        if (Pictures is not null) await Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, name + ".png"), FullPage = true });
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await TellAsync();
        await context.DisposeAsync();
    }

    // What stood on the page in the end, beside the result of a test that failed: the expectation alone seldom says why.
    private async Task TellAsync()
    {
        if (TestContext.Current.TestOutputHelper is not { } output) return;
        try
        {
            output.WriteLine($"At the end of the visit, {Page.Url} said: {await Page.EvaluateAsync<string>("document.body.innerText.slice(0, 6000)")}");
        }
        catch (PlaywrightException gone)
        {
            output.WriteLine($"At the end of the visit the page was gone: {gone.Message}");
        }
        foreach (var complaint in Complaints) output.WriteLine($"The browser complained: {complaint}");
    }
}
