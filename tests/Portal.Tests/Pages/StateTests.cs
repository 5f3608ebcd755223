using AspireGateway.Portal.Components.Pieces;
using Microsoft.AspNetCore.Components;

namespace AspireGateway.Portal.Tests.Pages;

public sealed class StateTests
{
    [Fact]
    public async Task FourStates_NothingYet_DrawsTheSkeletonAndSaysSo()
    {
        var page = await DrawAsync(new Loaded<string>());

        Assert.Equal("true", page.QuerySelector(".skeleton-region")!.GetAttribute("aria-busy"));
        Assert.Equal(["Loading"], page.Texts("[role=status]"));
        Assert.Contains("bones", page.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FourStates_Fault_IsAnAlertAndNothingElse()
    {
        var page = await DrawAsync(new Loaded<string>(null, "The store is away. Try again."));

        Assert.Contains("The store is away. Try again.", page.Texts("[role=alert]").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("bones", page.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("[aria-busy]"));
    }

    [Fact]
    public async Task FourStates_EmptyData_DrawsTheEmptyState() =>
        Assert.Equal("nothing here", (await DrawAsync(new Loaded<string>(""))).TextContent.Trim());

    [Fact]
    public async Task FourStates_Data_DrawsTheData() => Assert.Equal("data: seven", (await DrawAsync(new Loaded<string>("seven"))).TextContent.Trim());

    [Fact]
    public async Task ErrorPanel_WithoutRetry_HasNoButton()
    {
        var page = await Drawn.Async<ErrorPanel>((nameof(ErrorPanel.Fault), "It failed."));
        Assert.Null(page.QuerySelector("button"));
    }

    [Fact]
    public async Task Pager_InTheMiddle_KeepsFiltersInItsLinks()
    {
        var page = await Drawn.Async<Pager>((nameof(Pager.After), "one"), (nameof(Pager.Next), "two"));

        Assert.Equal(["First page", "Next page"], page.Texts("a"));
        Assert.Equal(["http://portal/keys?q=a", "http://portal/keys?q=a&after=two"], page.QuerySelectorAll("a").Select(a => a.GetAttribute("href")!));
    }

    [Fact]
    public async Task Pager_OnTheOnlyPage_IsNotThere() =>
        Assert.Empty((await Drawn.Async<Pager>((nameof(Pager.After), null), (nameof(Pager.Next), null))).Children);

    [Fact]
    public async Task When_Moment_IsRelativeWithTheExactOneInItsTooltip()
    {
        var page = await Drawn.Async<When>((nameof(When.At), Drawn.Now.AddMinutes(-3)));
        var time = page.QuerySelector("time")!;

        Assert.Equal("3\u00A0min ago", time.TextContent);
        Assert.Equal("Sat 21 Nov 2026, 13:27:00 Europe/Berlin (UTC+01:00)", time.GetAttribute("title"));
        Assert.Equal("2026-11-21T12:27:00.0000000Z", time.GetAttribute("datetime"));
    }

    [Theory]
    [InlineData("ok", 200, null, "Answered")]
    [InlineData("refused", 403, "model_not_allowed", "Refused 403 model_not_allowed")]
    [InlineData("aborted", 499, null, "Caller left 499")]
    public async Task Ending_Status_IsSaidInWords(string status, int code, string? error, string text)
    {
        var page = await Drawn.Async<Ending>((nameof(Ending.Status), status), (nameof(Ending.StatusCode), code), (nameof(Ending.Error), error));
        Assert.Equal(text, string.Join(' ', page.Texts("span")));
    }

    private static Task<AngleSharp.Dom.IElement> DrawAsync(Loaded<string> state) => Drawn.Async<FourStates<string>>(
        ("State", state), ("Skeleton", Text("bones")), ("Empty", Text("nothing here")), ("IsEmpty", (Func<string, bool>)(s => s.Length == 0)),
        ("ChildContent", (RenderFragment<string>)(data => Text("data: " + data))));

    private static RenderFragment Text(string text) => builder => builder.AddContent(0, text);
}
