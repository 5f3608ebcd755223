using System.Text;
using AspireGateway.Gateway.Providers.Embedders;

namespace AspireGateway.Gateway.Tests.Providers.Embedders;

public sealed class VectorReplyTests
{
    [Theory]
    [InlineData("""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-1,2e0]}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}""")]
    [InlineData("""{"usage":{"embedding":[9]},"data":[{"embedding":"AAAAPwAAgL8AAABA"}]}""")]
    public void Read_EitherForm_IsTheVector(string body) => Assert.Equal([0.5f, -1, 2], VectorReply.Read(Encoding.UTF8.GetBytes(body)) ?? []);

    [Theory]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":[{"embedding":null}]}""")]
    [InlineData("""{"data":[{"embedding":["a"]}]}""")]
    [InlineData("""{"data":[{"embedding":"%%"}]}""")]
    [InlineData("""{"data":[{"embedding":[1,2""")]
    [InlineData("nothing")]
    public void Read_AnythingElse_IsNone(string body) => Assert.Null(VectorReply.Read(Encoding.UTF8.GetBytes(body)));
}
