using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using AspireGateway.Portal.Components.Frame;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;
using Radzen;

namespace AspireGateway.Portal.Tests.Pages;

/// <summary>Draws a component to markup, as the server does for the first answer.</summary>
internal static class Drawn
{
    /// <summary>The clock of everything drawn.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 30, 0, TimeSpan.Zero);

    /// <summary>The zone of everything drawn: one hour ahead of UTC in November.</summary>
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    /// <summary>Draws it with these parameters.</summary>
    public static async Task<IElement> Async<T>(params (string Name, object? Value)[] parameters) where T : IComponent
    {
        var services = new ServiceCollection();
        services.AddRadzenComponents();
        services.AddSingleton<TimeProvider>(new StoppedClock());
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<PublicAddress>();
        services.AddSingleton<IJSRuntime, NoBrowser>();
        services.AddSingleton<NavigationManager, Address>();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        await using var provider = services.BuildServiceProvider();
        await using var renderer = new HtmlRenderer(provider, NullLoggerFactory.Instance);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            RenderFragment inner = builder =>
            {
                builder.OpenComponent<T>(0);
                foreach (var (name, value) in parameters) builder.AddComponentParameter(1, name, value);
                builder.CloseComponent();
            };
            var root = await renderer.RenderComponentAsync<CascadingValue<TimeZoneInfo>>(ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                ["Value"] = Zone,
                ["ChildContent"] = inner,
            }));
            return root.ToHtmlString();
        });
        return new HtmlParser().ParseDocument(html).Body!;
    }

    /// <summary>The text of all that a selector finds, blanks folded.</summary>
    public static IReadOnlyList<string> Texts(this IElement root, string selector) =>
        [.. root.QuerySelectorAll(selector).Select(e => string.Join(' ', e.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Address : NavigationManager
    {
        public Address() => Initialize("http://portal/", "http://portal/keys?q=a");
    }

    private sealed class NoBrowser : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => ValueTask.FromResult<TValue>(default!);

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => ValueTask.FromResult<TValue>(default!);
    }
}
